/** What a plugin does in the command's own process: it ends, prints, leaves things open, or blocks. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { EVEN_TASK, installed, project } from "../../plugins/test/plugin-files.ts";
import { type Finished, runCli } from "./run-cli.ts";

const even = (change: string): string => `const task = ${EVEN_TASK}; ${change}; export default task;`;
const LINE = `${JSON.stringify({ item: { least: 1 }, completion: "4" })}\n`;

function expectFailure({ code, stdout, stderr }: Finished, message: RegExp): void {
  expect(stderr).toMatch(/^rrr: .+ \[plugin-failed\]\. \S.*\n$/);
  expect(stderr).toMatch(message);
  expect(JSON.parse(stdout)).toMatchObject({ kind: "error", code: "plugin-failed" });
  expect(code).toBe(1);
}

const SLOW_ITEMS =
  "task.items = async function* () { await new Promise((r) => setTimeout(r, 2000)); yield { least: 1 }; }";

test.each([
  ["while loading", "process.exit(0);"],
  ["while loading, with a code that means something else", "process.exit(3);"],
  ["in items()", even("task.items = function* () { process.exit(0); }")],
  ["in prompt()", even("task.prompt = () => process.exit(0)")],
  ["in reflect()", even("task.reflect = () => process.exit(0)")],
  ["in its schema", even('task.schema["~standard"].validate = () => process.exit(0)')],
  ["in a timer", even(`setTimeout(() => process.exit(0), 50); ${SLOW_ITEMS}`)],
  [
    "after a rejection",
    even(`process.on("unhandledRejection", () => process.exit(0)); Promise.reject(1); ${SLOW_ITEMS}`),
  ],
])("process.exit() %s is a failure of the command", async (_, source) => {
  const finished = await runCli(project({ "task.mjs": source }), ["prompts", "./task.mjs", "--json"]);
  expectFailure(finished, /the plugin ended the process \(exit code [03]\)/);
});

test.each([
  ["thrown in a timer", "setTimeout(() => { throw new Error('boom'); }, 50)"],
  ["a rejection", "Promise.reject(new Error('boom'))"],
])("what nobody catches is one line: %s", async (_, source) => {
  const cwd = project({ "task.mjs": even(`${source}; ${SLOW_ITEMS}`) });
  expectFailure(await runCli(cwd, ["prompts", "./task.mjs", "--json"]), /nobody caught an error: boom/);
});

const LOUD = `
import { execFileSync, execSync, spawn, spawnSync } from "node:child_process";
import { Worker } from "node:worker_threads";
console.log("loud"); console.info("loud"); console.table([1]); process.stdout.write("loud\\n");
spawnSync("echo", ["loud"], { stdio: "inherit" });
execSync("echo loud", { stdio: "inherit" });
execFileSync("echo", ["loud"], { stdio: [0, 1, 2] });
spawn("echo", ["loud"], { stdio: ["ignore", "inherit", "inherit"] });
new Worker("console.log('loud')", { eval: true });
`;

test.each([[], ["--isolate", "worker"], ["--isolate", "none"]])(
  "verdicts stay clean of what a plugin prints, and of what its programs print: %j",
  async (...flags: readonly string[]) => {
    const loudly = `const { verify } = task; task.verify = (...args) => { console.log("loud"); return verify(...args); }`;
    const cwd = project({ "loud.mjs": `${LOUD}${even(loudly)}` });
    const { code, stdout, stderr } = await runCli(cwd, ["verify", "./loud.mjs", ...flags], LINE);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '{"kind":"pass"}\n' });
    expect(stderr.match(/^loud$/gm)?.length).toBeGreaterThanOrEqual(7);
    expect(stderr).toContain("1 pass, 0 fail, 0 invalid\n");
  },
);

test("so does --json, of a configuration that prints, too", async () => {
  const cwd = project({
    "loud.mjs": `${LOUD}${even("")}`,
    "rrr.config.mjs": `console.log("loud"); export default {};`,
  });
  const { code, stdout } = await runCli(cwd, ["prompts", "./loud.mjs", "--json"]);
  expect(JSON.parse(stdout).task).toBe("even");
  expect(code).toBe(0);
});

test("only print.ts knows the command's standard output: what else writes to `process.stdout` writes to standard error", () => {
  const src = fileURLToPath(new URL("../src/", import.meta.url));
  const users = readdirSync(src, { recursive: true, encoding: "utf8" }).filter(
    (path) =>
      path.endsWith(".ts") &&
      /\bprocess\.stdout\b|\bconsole\.log\b/.test(readFileSync(join(src, path), "utf8")),
  );
  expect(users).toEqual([join("output", "print.ts")]);
});

test("what a plugin leaves open does not keep a command that is done", async () => {
  const open = `import { createServer } from "node:http"; setInterval(() => {}, 1000); createServer().listen(0);`;
  const cwd = project({ "open.mjs": `${open}${even("")}` });
  const { code, stdout } = await runCli(cwd, ["verify", "./open.mjs"], LINE);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '{"kind":"pass"}\n' });
  expect((await runCli(cwd, ["prompts", "./open.mjs", "--json"])).code).toBe(0);
});

const ENDLESS = "for (;;);";
test.each([
  ["loading", ENDLESS, /loading \S+task\.mjs took more than 1 s/],
  [
    "loading, with something open",
    "setInterval(() => {}, 99); await new Promise(() => {});",
    /loading .+ took more than 1 s/,
  ],
  ["its factory", `export default () => { ${ENDLESS} };`, /making the task of .+ took more than 1 s/],
  ["items()", even(`task.items = () => { ${ENDLESS} }`), /the plugin's items\(\) took more than 1 s/],
  [
    "a generator that yields nothing",
    even("task.items = function* () { for (;;) if (!task) yield 1; }"),
    /items\(\)/,
  ],
  ["an async one", even("task.items = async function* () { for (;;) await null; }"), /items\(\) took/],
  [
    "one that waits",
    even("task.items = async function* () { for (;;) await new Promise((r) => setTimeout(r, 5)); }"),
    /items\(\)/,
  ],
  [
    "its schema",
    even(`task.schema["~standard"].validate = () => { ${ENDLESS} }`),
    /schema took more than 1 s/,
  ],
  ["prompt()", even(`task.prompt = () => { ${ENDLESS} }`), /prompt\(\) took more than 1 s/],
  [
    "a regular expression",
    even('task.prompt = () => /^(a+)+$/.test("a".repeat(60) + "b")'),
    /prompt\(\) took/,
  ],
  [
    "reflect()",
    even(`task.reflect = () => { for (;;) try { ${ENDLESS} } finally { ${ENDLESS} } }`),
    /reflect\(\) took/,
  ],
])("what blocks is ended and named: %s", { timeout: 30_000 }, async (_, source, message) => {
  const cwd = project({ "task.mjs": source });
  expectFailure(
    await runCli(cwd, ["prompts", "./task.mjs", "--json"], "", undefined, { RRR_PATIENCE: "1" }),
    message,
  );
});

test("what is no code of JavaScript is ended with the process, and named", async () => {
  const source = 'import { execSync } from "node:child_process"; execSync("sleep 20");';
  const { code, stderr } = await runCli(
    project({ "task.mjs": source }),
    ["list", "./task.mjs"],
    "",
    undefined,
    {
      RRR_PATIENCE: "1",
    },
  );
  expect(stderr).toMatch(/^rrr: loading .+ took more than 1 s \[plugin-failed\]\./);
  expect(code).not.toBe(0);
});

test("a run that cannot begin makes no folder", async () => {
  const cwd = project({ "task.mjs": even(`task.items = () => { ${ENDLESS} }`) });
  const { code, stderr } = await runCli(cwd, ["eval", "./task.mjs", "--limit", "1"], "", undefined, {
    RRR_PATIENCE: "1",
  });
  expect(stderr).toContain("the plugin's items() took more than 1 s [plugin-failed]");
  expect({ code, files: readdirSync(cwd) }).toEqual({ code: 1, files: ["task.mjs"] });
});

test.each([
  ["a folder that calls itself ours", "./mine", "mine"],
  ["a package that hides ours", "countdown", "node_modules/@rrr/task-countdown"],
])("%s is isolated as any other", async (_, name, folder) => {
  const source = even("task.verify = () => process.exit(0)");
  const files = Object.entries(installed("@rrr/task-countdown", source)).map(
    ([path, text]) => [path.replace("node_modules/@rrr/task-countdown", folder), text] as const,
  );
  const { code, stdout } = await runCli(project(Object.fromEntries(files)), ["verify", name], LINE);
  expect(JSON.parse(stdout)).toMatchObject({ kind: "invalid", code: "verifier-failed" });
  expect(code).toBe(0);
});
