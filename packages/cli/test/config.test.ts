/** rrr.config.* as the commands use it. */
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test, vi } from "vitest";
import { EVEN_TASK, installed, project } from "../../plugins/test/plugin-files.ts";
import { runCli } from "./run-cli.ts";

const FACTORY = `export default (options) => ({ ...${EVEN_TASK}, prompt: () => [{ role: "user", content: JSON.stringify(options) }] });`;
const SETTINGS = `{ tasks: { "./even.mjs": { mood: "good", most: 4 } }, prompts: { seed: 3 } }`;

/** The options that a task got, and the problem that was chosen. */
async function prompted(
  cwd: string,
  ...args: readonly string[]
): Promise<readonly [unknown, unknown, string]> {
  const { stdout, stderr } = await runCli(cwd, ["prompts", "./even.mjs", "--json", ...args]);
  expect(stdout, stderr).not.toBe("");
  const { attempt, item } = JSON.parse(stdout);
  return [JSON.parse(attempt[0].content), item.least, stderr];
}

test.each([
  ["rrr.config.ts", `const config: object = ${SETTINGS}; export default config;`],
  ["rrr.config.js", `module.exports = ${SETTINGS};`],
  ["rrr.config.mjs", `export default await ${SETTINGS};`],
  [
    "rrr.config.json",
    `{ "tasks": { "./even.mjs": { "mood": "good", "most": 4 } }, "prompts": { "seed": 3 } }`,
  ],
])("%s gives options, and is named; the command line wins", async (name, text) => {
  const cwd = project({ "even.mjs": FACTORY, [name]: text });
  expect(await prompted(cwd)).toEqual([{ mood: "good", most: 4 }, 7, `configuration: ${name}\n`]);
  const flags = ["--seed", "0", "--task.most", "5", "--preset", "hard"];
  expect((await prompted(cwd, ...flags)).slice(0, 2)).toEqual([{ mood: "good", most: 5, preset: "hard" }, 1]);
  expect(await prompted(cwd, "--no-config")).toEqual([{}, 1, ""]);
});

test("--config names a file; the working directory's own is not looked at", async () => {
  const cwd = project({
    "even.mjs": FACTORY,
    "rrr.config.json": "{",
    "other.json": `{ "prompts": { "seed": 3 } }`,
  });
  expect(await prompted(cwd, "--config", "other.json")).toEqual([{}, 7, "configuration: other.json\n"]);
});

test("a task has its options by any of its names", async () => {
  const config = `{ "tasks": { "@rrr/task-countdown": { "preset": "hard" } } }`;
  const cwd = project({ "rrr.config.json": config });
  const { stdout } = await runCli(cwd, ["prompts", "countdown", "--json"]);
  expect(JSON.parse(stdout).item.numbers.length).toBeGreaterThan(4);
});

test("defineConfig types it, where @rrr/cli is installed", async () => {
  // pnpm's starter of vitest adds this workspace's packages to what every program finds.
  vi.stubEnv("NODE_PATH", "");
  onTestFinished(() => void vi.unstubAllEnvs());
  const cwd = project({
    "even.mjs": FACTORY,
    "rrr.config.ts": `
      import { defineConfig } from "@rrr/cli/config";
      export default defineConfig({ prompts: { seed: 3 } });`,
  });
  const { stderr } = await runCli(cwd, ["prompts", "./even.mjs"]);
  expect(stderr).toMatch(/cannot read rrr\.config\.ts: .*@rrr\/cli.*Install @rrr\/cli in this project/);
  mkdirSync(join(cwd, "node_modules/@rrr"), { recursive: true });
  symlinkSync(fileURLToPath(new URL("../", import.meta.url)), join(cwd, "node_modules/@rrr/cli"));
  expect((await prompted(cwd)).slice(0, 2)).toEqual([{}, 7]);
});

test("rrr check runs the suite on the task with these options", async () => {
  const failing = `export default ({ gold }) => ({ ...${EVEN_TASK}, ...(gold && { gold: () => gold }) });`;
  const config = `{ "tasks": { "even": { "gold": "1" } }, "check": { "count": 5 } }`;
  const cwd = project({ ...installed("rrr-task-even", failing), "rrr.config.json": config });
  const { stdout } = await runCli(cwd, ["check", "even", "--json"]);
  expect(JSON.parse(stdout).findings).toContainEqual(expect.objectContaining({ code: "gold-fails" }));
});

test.each([
  [
    "an unknown option of a task",
    `{ "tasks": { "countdown": { "pre": "x" } } }`,
    /^rrr: c\.json, tasks: .* no option "pre".*Did you mean "preset"/m,
  ],
  [
    "a wrong one",
    `{ "tasks": { "countdown": { "preset": "x" } } }`,
    /^rrr: c\.json, tasks: option "preset" .* must be one of/m,
  ],
  [
    "a task that is not installed",
    `{ "tasks": { "countdwon": {} } }`,
    /^rrr: c\.json: tasks\["countdwon"\]: .*Did you mean countdown/m,
  ],
  [
    "a task's options that are none",
    `{ "tasks": { "countdown": 4 } }`,
    /^rrr: c\.json: tasks\["countdown"\] must be/m,
  ],
  ["no object of tasks", `{ "tasks": [] }`, /^rrr: c\.json: tasks must be/m],
  [
    "an unknown command",
    `{ "prompt": {} }`,
    /^rrr: c\.json has no use for "prompt".*Did you mean "prompts"/m,
  ],
  ["no JSON", "{", /^rrr: cannot read c\.json/m],
  ["no object", "[]", /^rrr: c\.json is no configuration/m],
])("%s is refused with the file's name", async (_, text, message) => {
  const { code, stderr, stdout } = await runCli(project({ "c.json": text }), [
    "prompts",
    "countdown",
    "--config",
    "c.json",
  ]);
  expect(stderr).toMatch(message);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
});

test("a wrong option on the command line is not the configuration's fault", async () => {
  const cwd = project({ "rrr.config.json": `{ "tasks": { "countdown": { "preset": "small" } } }` });
  const { stderr } = await runCli(cwd, ["prompts", "countdown", "--preset", "x"]);
  expect(stderr).toMatch(/^rrr: option "preset"/m);
});

test("two configurations are one too many; options must be plain data", async () => {
  const cwd = project({
    "rrr.config.json": "{}",
    "rrr.config.mjs": `export default { tasks: { countdown: { data: () => 1 } } };`,
  });
  expect((await runCli(cwd, ["prompts", "countdown"])).stderr).toContain(
    "several configurations: rrr.config.mjs, rrr.config.json",
  );
  const { stderr } = await runCli(cwd, ["prompts", "countdown", "--config", "rrr.config.mjs"]);
  expect(stderr).toContain("plain data");
});
