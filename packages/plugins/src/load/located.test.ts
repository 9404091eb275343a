import { join } from "node:path";
import { expect, test } from "vitest";
import { project } from "../../test/plugin-files.ts";
import { located } from "./located.ts";

test("data that lies where a run was begun is found from elsewhere", () => {
  const folder = project({ "a.jsonl": "" });
  const hard = { preset: "hard" };
  expect(located({ ...hard, data: "a.jsonl" }, folder)).toEqual({ ...hard, data: join(folder, "a.jsonl") });
  // No file there: the task knows what is meant, as for what was given here.
  expect(located({ data: "b.jsonl" }, folder)).toEqual({ data: "b.jsonl" });
  expect(located({ data: "package.json" }, process.cwd())).toEqual({
    data: join(process.cwd(), "package.json"),
  });
  expect(located(hard, folder)).toEqual(hard);
});
