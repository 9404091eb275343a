import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { project } from "../../../plugins/test/plugin-files.ts";
import { createRunFolder } from "./run-folder.ts";

const now = new Date("2026-07-30T14:15:02Z");

test("a run without --out gets a folder of its own, named after time and task", () => {
  const cwd = project({});
  expect(createRunFolder(undefined, "even", cwd, now)).toBe(join(cwd, "runs/20260730-141502-even"));
  expect(createRunFolder(undefined, "even", cwd, now)).toBe(join(cwd, "runs/20260730-141502-even-2"));
});

test("--out may be new or empty", () => {
  const cwd = project({});
  const folder = createRunFolder("deep/run", "even", cwd, now);
  expect(readdirSync(folder)).toEqual([]);
  expect(createRunFolder("deep/run", "even", cwd, now)).toBe(folder);
});

test.each([
  ["holds something", { "run/run.db": "precious" }, "run", "not empty"],
  ["is a file", { run: "precious" }, "run", "cannot be written"],
  ["lies below a file", { file: "precious" }, "file/run", "cannot be written"],
  ["is nowhere that folders can be made", {}, "/proc/rrr", "cannot be written"],
])("--out that %s is refused", (_, files, out, message) => {
  const cwd = project(files as Record<string, string>);
  expect(() => createRunFolder(out, "even", cwd, now)).toThrow(
    expect.objectContaining({ code: "bad-run", message: expect.stringContaining(message) }),
  );
  for (const path of Object.keys(files)) expect(existsSync(join(cwd, path))).toBe(true);
});
