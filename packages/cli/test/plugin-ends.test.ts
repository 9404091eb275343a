/** A failure of the command stays one, whatever a plugin does while the process ends. */
import { expect, test } from "vitest";
import { EVEN_TASK, project } from "../../plugins/test/plugin-files.ts";
import { runCli } from "./run-cli.ts";

const LINE = `${JSON.stringify({ item: { least: 1 }, completion: "4" })}\n`;
const even = (change: string): string => `const task = ${EVEN_TASK}; ${change}; export default task;`;
const SLOW = "await new Promise((r) => setTimeout(r, 2000))";
const ALWAYS_ZERO = 'process.on("exit", () => { process.exitCode = 0; });';

test.each([
  [
    "a listener sets the code, after an error that nobody caught",
    `${ALWAYS_ZERO} setTimeout(() => { throw 1 }, 1); ${SLOW}`,
  ],
  ["a listener sets the code, after process.exit(0)", `${ALWAYS_ZERO} process.exit(0)`],
  [
    "a listener that comes first sets the code",
    `process.prependListener("exit", () => { process.exitCode = 0; }); process.exit(0)`,
  ],
  ["a listener ends the process", `process.on("exit", () => process.exit(0)); throw new Error("bad")`],
  ["a listener ends it harder", `process.on("exit", () => process.reallyExit(0)); throw new Error("bad")`],
  ["a listener throws", `process.on("exit", () => { throw 1 }); throw new Error("bad")`],
  ["without listeners", `process.removeAllListeners("exit"); process.exit(0)`],
  ["by process.reallyExit", "process.reallyExit(0)"],
  ["process.exit is replaced", `process.exit = () => {}; throw new Error("bad")`],
  [
    "the exit code is set meanwhile",
    `setInterval(() => { process.exitCode = 0; }, 0); throw new Error("bad")`,
  ],
  [
    "the exit code cannot be set",
    `Object.defineProperty(process, "exitCode", { value: 0 }); throw new Error("bad")`,
  ],
  [
    "nothing is left to do",
    `process.removeAllListeners("beforeExit"); ${ALWAYS_ZERO} await new Promise(() => {})`,
  ],
])("at load: %s", { timeout: 30_000 }, async (_, source) => {
  const cwd = project({ "task.mjs": even(source) });
  for (const args of [
    ["verify", "./task.mjs"],
    ["eval", "./task.mjs", "--limit", "1"],
  ]) {
    const { code, stdout, stderr } = await runCli(cwd, args, LINE);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("[plugin-failed]");
  }
});

test.each([
  ["process.reallyExit(0)", "task.prompt = () => process.reallyExit(0)"],
  ["a listener", `${ALWAYS_ZERO} task.prompt = () => process.exit(0)`],
])("in prompt(): %s", async (_, source) => {
  const { code, stderr } = await runCli(project({ "task.mjs": even(source) }), ["prompts", "./task.mjs"]);
  expect(code).toBe(1);
  expect(stderr).toContain("the plugin ended the process (exit code 0)");
});

test("a success stays one, too", async () => {
  const source = `process.on("exit", () => { process.exitCode = 5; });`;
  const { code, stdout } = await runCli(
    project({ "task.mjs": even(source) }),
    ["verify", "./task.mjs"],
    LINE,
  );
  expect({ code, stdout }).toEqual({ code: 0, stdout: '{"kind":"pass"}\n' });
});

test.each([
  ["Array.prototype.push", "Array.prototype.push = () => 0"],
  ["String.prototype.slice", 'String.prototype.slice = () => ""'],
])("what all code shares must stay as it is: %s", async (_, source) => {
  const { code, stderr } = await runCli(
    project({ "task.mjs": even(source) }),
    ["verify", "./task.mjs"],
    LINE,
  );
  expect(stderr).toContain("[plugin-failed]");
  expect(code).toBe(1);
});

test("verdicts are what they are, whatever JSON.stringify has become, and the change is a failure", async () => {
  const cwd = project({ "task.mjs": even('JSON.stringify = () => "{}"') });
  const finished = await runCli(cwd, ["verify", "./task.mjs", "--isolate", "none"], LINE);
  expect(finished).toMatchObject({ code: 1, stdout: '{"kind":"pass"}\n' });
  expect(finished.stderr).toContain("a plugin changed JSON.stringify [plugin-failed]");
});
