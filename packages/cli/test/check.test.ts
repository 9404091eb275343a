import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { EVEN_TASK, project } from "../../plugins/test/plugin-files.ts";
import { runCli, startCli } from "./run-cli.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const badPlugins = fileURLToPath(new URL("bad-plugins", import.meta.url));

/** What is found where it is not what the file is called. */
const OTHER: Readonly<Record<string, string>> = {
  endless: "verifier-breaks",
  exits: "verifier-breaks",
  "state-from-items": "verdict-varies",
};

async function codesOf(plugin: string): Promise<readonly string[]> {
  const { code, stdout } = await runCli(root, ["check", plugin, "--count", "5", "--json"]);
  const found: readonly { readonly code: string }[] = JSON.parse(stdout).findings;
  expect(code).toBe(found.length === 0 ? 0 : 1);
  return found.map((finding) => finding.code);
}

const planted = readdirSync(badPlugins)
  .map((file) => file.replace(/\.ts$/, ""))
  .filter((name) => name !== "sound");

test("at least twelve defects are planted", () => {
  expect(planted.length).toBeGreaterThanOrEqual(12);
});

test.each(planted)("finds the defect of %s, and nothing else", { timeout: 240_000 }, async (name) => {
  expect(await codesOf(join(badPlugins, `${name}.ts`))).toEqual([OTHER[name] ?? name]);
});

test.each([
  "countdown",
  "function-calling",
  "./examples/tasks/backwards.ts",
  "./packages/cli/test/bad-plugins/sound.ts",
  "./packages/cli/templates/command/src/index.ts",
])("finds nothing in %s", { timeout: 240_000 }, async (plugin) => {
  expect(await codesOf(plugin)).toEqual([]);
});

test("a plugin's own output does not get into the report", async () => {
  const cwd = project({ "loud.mjs": `console.log("loud"); export default ${EVEN_TASK};` });
  const { code, stdout, stderr } = await runCli(cwd, ["check", "./loud.mjs", "--count", "5"]);
  expect(stdout).toContain("  ok           hostile outputs fail\n");
  expect(stdout).toContain("  no gold      the gold completion passes\n");
  expect(stdout).toMatch(/a verdict: [\d.]+ ms, [\d.]+ MB at the 99\.9th percentile of \d+ hostile outputs/);
  expect({ code, stdout: stdout.includes("loud\n"), stderr }).toEqual({
    code: 0,
    stdout: false,
    // Loaded once more, where its verifier would run.
    stderr: "loud\nloud\n",
  });
});

test("declared feedback is said to be declared", async () => {
  const source = `export default { ...${EVEN_TASK}, feedback: true, reflect: ({ completion }) => "Why " + completion.length }`;
  const { code, stdout } = await runCli(project({ "told.mjs": source }), [
    "check",
    "./told.mjs",
    "--count",
    "5",
  ]);
  expect(stdout).toContain("  declared     the request for a reflection tells only that it failed\n");
  expect(code).toBe(0);
});

test.each([
  ["is not there", "./none.mjs", "plugin-not-found"],
  ["throws", "./throws.mjs", "plugin-failed"],
  ["never loads", "./never.mjs", "plugin-failed"],
])("a plugin that %s is an error, not a finding", async (_, path, errorCode) => {
  const cwd = project({ "throws.mjs": "throw 1", "never.mjs": "await new Promise(() => {})" });
  const { code, stderr } = await runCli(cwd, ["check", path]);
  expect(stderr).toContain(`[${errorCode}]`);
  expect(code).toBe(1);
});

test.each(["SIGINT", "SIGTERM", "SIGKILL"] as const)(
  "ended by %s, it leaves no endless plugin behind",
  async (signal) => {
    const cwd = project({ "endless.mjs": 'console.log("looping"); for (;;);' });
    const command = startCli(cwd, ["check", "./endless.mjs"]);
    await command.seen("looping");
    command.process.kill(signal);
    // Only when nobody can write to its standard error any more.
    expect((await command.ended).stdout).toBe("");
  },
);
