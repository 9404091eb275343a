import { existsSync } from "node:fs";
import { join } from "node:path";
import { createRunStore } from "@rrr/runs";
import { expect, test } from "vitest";
import { project } from "../../../plugins/test/plugin-files.ts";
import { exportRun } from "./export-run.ts";

test("what cannot be written to its end leaves no file behind", async () => {
  const folder = project({});
  const header = {
    rrrVersion: "0.1.0",
    command: "eval",
    task: "even",
    plugin: join(folder, "gone.js"),
  } as const;
  const rest = { model: "builtin", seed: 0, settings: {}, identity: {}, invocation: {} };
  const store = createRunStore(folder, { ...header, ...rest });
  store.end("finished");
  store.close();
  const out = join(folder, "failures.jsonl");
  // Prompts are made by the plugin, which is no longer there.
  const exported = exportRun(folder, { format: "jsonl", what: "failures", out });
  await expect(exported).rejects.toMatchObject({ code: "plugin-not-found" });
  expect(existsSync(out)).toBe(false);
  await exportRun(folder, { format: "csv", what: "outcomes", out });
  expect(existsSync(out)).toBe(true);
  const nowhere = exportRun(folder, {
    format: "csv",
    what: "outcomes",
    out: join(folder, "no", "folder.csv"),
  });
  await expect(nowhere).rejects.toMatchObject({ code: "bad-run" });
});
