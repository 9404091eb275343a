/** Whatever is wrong: one line with a code and what to do, the right exit code, and nothing written or overwritten. */
import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EVEN_TASK, project } from "../../plugins/test/plugin-files.ts";
import { type Finished, runCli } from "./run-cli.ts";
import { smallWorld } from "./small-world.ts";

const RUN = ["run", "./chance.mjs", "--model", "model", "--steps", "1", "--limit", "4"];

function expectRefusal({ code, stdout, stderr }: Finished, exitCode: number, errorCode: string): void {
  expect(stderr).toMatch(new RegExp(`^rrr: .+ \\[${errorCode}\\]\\. \\S.*\n$`));
  expect({ code, stdout }).toEqual({ code: exitCode, stdout: "" });
}

test.each([
  ["an unknown plugin", ["run", "no-such-task"], 1, "plugin-not-found"],
  ["a module that is not a task", ["run", "./not-a-task.mjs"], 1, "bad-task"],
  ["a module that throws", ["verify", "./throws.mjs"], 1, "plugin-failed"],
  ["a module that never loads", ["verify", "./never.mjs"], 1, "plugin-failed"],
  ["--steps -1", ["run", "countdown", "--steps", "-1"], 2, "bad-argument"],
  ["--steps 1.5", ["run", "countdown", "--steps", "1.5"], 2, "bad-argument"],
  ["--limit 0", ["run", "countdown", "--limit=0"], 2, "bad-argument"],
  ["--seed x", ["run", "countdown", "--seed", "x"], 2, "bad-argument"],
  ["an unknown reward", ["run", "countdown", "--reward", "lots"], 2, "bad-argument"],
  ["settings of another name", ["run", "countdown", "--settings", "small"], 2, "bad-argument"],
  ["an unknown option", ["run", "countdown", "--stpes", "1"], 2, "bad-argument"],
  ["an unknown command", ["train"], 2, "bad-argument"],
  ["an unknown preset", ["prompts", "countdown", "--preset", "huge"], 2, "bad-argument"],
  ["a preset of a task without any", ["prompts", "./even.mjs", "--preset", "huge"], 2, "bad-argument"],
  ["an item that is not JSON", ["prompts", "countdown", "--item", "{"], 2, "bad-argument"],
  ["an item of another shape", ["prompts", "countdown", "--item", "{}"], 1, "bad-item"],
  ["a file that is not there", ["verify", "./even.mjs", "none.jsonl"], 2, "bad-argument"],
  ["a model folder that is not there", ["run", "countdown", "--model", "./nowhere"], 1, "bad-model"],
  ["a model of no kind", ["run", "countdown", "--model", "nowhere"], 2, "bad-argument"],
  ["a model that cannot be trained", ["run", "countdown", "--model", "openai:any"], 2, "bad-argument"],
])("%s", async (_, args, exitCode, errorCode) => {
  const files = {
    "not-a-task.mjs": "export default { name: 'x' };",
    "throws.mjs": "throw new Error('boom\\nboom');",
    "never.mjs": "await new Promise(() => {});",
    "even.mjs": `export default ${EVEN_TASK};`,
  };
  const cwd = project(files);
  expectRefusal(await runCli(cwd, args), exitCode, errorCode);
  expect(readdirSync(cwd).sort()).toEqual(Object.keys(files).sort());
});

test("an unknown plugin: what is installed, and what to do", async () => {
  const { stderr } = await runCli(project({}), ["run", "no-such-task"]);
  expect(stderr).toContain("@rrr/task-countdown");
  expect(stderr).toContain("Install the package that has it, or give the path");
});

test("a corrupt model file leaves no run behind", async () => {
  const cwd = await smallWorld();
  truncateSync(join(cwd, "model/model.safetensors"), 10_000);
  expectRefusal(await runCli(cwd, RUN), 1, "bad-model");
  writeFileSync(join(cwd, "model/tokenizer.json"), "{");
  expectRefusal(await runCli(cwd, RUN), 1, "bad-model");
  expect(readdirSync(cwd).sort()).toEqual(["chance.mjs", "model"]);
});

test("a run folder that cannot be written", async () => {
  // Below a file: not even root can make a folder there.
  const cwd = await smallWorld();
  expectRefusal(await runCli(cwd, [...RUN, "--out", "chance.mjs/run"]), 1, "bad-run");
});

test("a folder that holds a run already is left as it is", async () => {
  const cwd = await smallWorld();
  mkdirSync(join(cwd, "run"));
  writeFileSync(join(cwd, "run/run.db"), "precious");
  expectRefusal(await runCli(cwd, [...RUN, "--out", "run"]), 1, "bad-run");
  expect(readdirSync(join(cwd, "run"))).toEqual(["run.db"]);
  expect(readFileSync(join(cwd, "run/run.db"), "utf8")).toBe("precious");
});

test("with --json the error is one JSON line on standard output too", async () => {
  const { stdout } = await runCli(project({}), ["run", "no-such-task", "--json"]);
  expect(JSON.parse(stdout)).toMatchObject({ kind: "error", code: "plugin-not-found" });
});
