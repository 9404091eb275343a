import { join } from "node:path";
import { expect, test } from "vitest";
import { project } from "../../test/plugin-files.ts";
import { moduleFiles } from "./module-files.ts";

test.each([
  ["an addition", 'readFileSync(import.meta.dirname + "/data.json")'],
  ["an addition without blanks", "readFileSync(import.meta.dirname+'/data.json')"],
  ["a template", "readFileSync(`\x24{import.meta.dirname}/data.json`)"],
  ["CommonJS", 'readFileSync(__dirname + "/data.json")'],
  ["join", 'readFileSync(join(import.meta.dirname, "data.json"))'],
  ["a URL", 'readFileSync(new URL("./data.json", import.meta.url))'],
])("a file beside the plugin's is part of it, however it is named: %s", (_, source) => {
  const cwd = project({ "task.mjs": source, "data.json": "[]", "other.json": "[]" });
  expect(Object.keys(moduleFiles(join(cwd, "task.mjs")).files)).toEqual(["data.json"]);
});
