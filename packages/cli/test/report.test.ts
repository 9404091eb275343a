/** `rrr report` by the built command: where it writes, and where it does not. */
import { existsSync, lstatSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { projectWithRun } from "./project-with-run.ts";
import { runCli } from "./run-cli.ts";

vi.setConfig({ testTimeout: 300_000 });

test("a run, or two of them, as one file; it is replaced only by --force", async () => {
  const cwd = projectWithRun();
  const first = await runCli(cwd, ["report", "old", "--out", "r.html"]);
  expect(first).toMatchObject({
    ...{ code: 0, stdout: "" },
    stderr: expect.stringMatching(/^rrr: wrote r\.html: \d\.\d MB, 200 of 240 episodes\n$/),
  });
  const text = readFileSync(join(cwd, "r.html"), "utf8");
  expect(text).toMatch(/^<!doctype html>/);
  expect(text).not.toContain(cwd);
  const again = await runCli(cwd, ["report", "old", "--out", "r.html"]);
  expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining("r.html is there already") });
  expect(readFileSync(join(cwd, "r.html"), "utf8")).toBe(text);
  const forced = await runCli(cwd, ["report", "old", "old", "--out", "r.html", "--force", "--json"]);
  expect(JSON.parse(forced.stdout)).toMatchObject({
    ...{ file: join(cwd, "r.html"), bytes: lstatSync(join(cwd, "r.html")).size, prompts: false },
    runs: [{ name: "old" }, { name: "old" }],
  });
  const printed = await runCli(cwd, ["report", "old", "--episodes", "0", "--out", "-"]);
  expect(printed.stdout).toMatch(/^<!doctype html>.*<\/html>\n$/s);
  expect(readdirSync(cwd).filter((name) => /html|tmp/.test(name))).toEqual(["r.html"]);
});

test.each([
  [["report", "old"], 2, "required option"],
  [["report", "old", "--out", "runs/old/r.html"], 2, "lies in the folder of a run"],
  [["report", "old", "--out", "runs/old/checkpoints/r.html"], 1, "cannot be written"],
  [["report", "old", "--out", "linked/r.html"], 2, "lies in the folder of a run"],
  [["report", "old", "--out", "no/r.html"], 1, "cannot be written"],
  [["report", "old", "--out", "runs"], 2, "is a folder"],
  [["report", "old", "--out", "runs", "--force"], 2, "is a folder"],
  [["report", "old", "--out", "-", "--json"], 2, "cannot both be on standard output"],
  [["report", "old", "old", "old", "--out", "r.html"], 2, "one run or of two"],
  [["report", "odl", "--out", "r.html"], 1, 'there is no run "odl"'],
  [["report", "old", "--out", "r.html", "--max-size", "0"], 2, "It must be a number from 0.5 to 100"],
  [["report", "old", "--out", "r.html", "--episodes", "-1"], 2, "It must be a whole number"],
])("%j is refused, and leaves no file", async (args, code, message) => {
  const cwd = projectWithRun();
  symlinkSync(join(cwd, "runs", "old"), join(cwd, "linked"));
  expect(await runCli(cwd, args)).toMatchObject({ code, stderr: expect.stringContaining(message) });
  expect(readdirSync(cwd).filter((name) => /html|tmp/.test(name))).toEqual([]);
  expect(readdirSync(join(cwd, "runs", "old"))).toEqual(["run.db"]);
});

test("a link in the file's place is never followed", async () => {
  const cwd = projectWithRun();
  writeFileSync(join(cwd, "mine.txt"), "mine");
  symlinkSync("mine.txt", join(cwd, "r.html"));
  symlinkSync("nowhere.txt", join(cwd, "s.html"));
  for (const name of ["r.html", "s.html"]) {
    expect((await runCli(cwd, ["report", "old", "--out", name])).code).toBe(2);
    expect((await runCli(cwd, ["report", "old", "--out", name, "--force"])).code).toBe(0);
    expect(lstatSync(join(cwd, name)).isFile()).toBe(true);
  }
  expect(readFileSync(join(cwd, "mine.txt"), "utf8")).toBe("mine");
  expect(existsSync(join(cwd, "nowhere.txt"))).toBe(false);
});
