/** Token limits and presets of runs, with the built command and a server whose model thinks before it answers. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { project } from "../../plugins/test/plugin-files.ts";
import { runCli } from "./run-cli.ts";
import { startThinkingServer } from "./thinking-server.ts";

// Seconds on two idle cores; on a busy machine a process alone takes some to start.
vi.setConfig({ testTimeout: 300_000 });

const EVAL = ["eval", "countdown", "--limit", "20", "--no-cache", "--quiet", "--out", "run"];
const THINKER = ["--model", "openai:thinker", "--base-url"];

const resultIn = (cwd: string) => JSON.parse(readFileSync(join(cwd, "run", "result.json"), "utf8"));

test("a model that thinks before it answers has the room for it, and problems of the paper's size", async () => {
  const cwd = project({});
  const { baseURL, limits } = await startThinkingServer();
  const { code, stdout } = await runCli(cwd, [...EVAL, ...THINKER, baseURL]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^first try +100\.0 %/m);
  expect(stdout.replaceAll(/\s+/g, " ")).toContain(
    "Preset tinyzero, for models other than the built-in one. " +
      "Most tokens: 4,096 for an attempt or a retry, 2,048 for a reflection (the default).",
  );
  expect(new Set(limits)).toEqual(new Set([4096]));
  expect(resultIn(cwd)).toMatchObject({
    preset: { name: "tinyzero", from: "other" },
    limits: { attempt: 4096, reflection: 2048, retry: 4096, from: { attempt: "default" } },
  });
  expect((await runCli(cwd, ["show", "run"])).stdout).toContain("Preset tinyzero");
});

test("the small problems are for whoever asks for them, their limits for the built-in model alone", async () => {
  const cwd = project({});
  const { baseURL } = await startThinkingServer();
  const { stdout } = await runCli(cwd, [...EVAL, "--preset", "small", ...THINKER, baseURL]);
  expect(stdout).toMatch(/^first try +100\.0 %/m);
  expect(resultIn(cwd)).toMatchObject({
    preset: { name: "small", from: "option" },
    limits: { attempt: 4096, from: { attempt: "default" } },
  });
});

test("--max-tokens is what was asked for, turn by turn, and comes before a configuration", async () => {
  const config = {
    eval: { maxTokensRetry: 300, maxTokensReflection: 90 },
    tasks: { countdown: { preset: "hard" } },
  };
  const cwd = project({ "rrr.config.json": JSON.stringify(config) });
  const { baseURL, limits } = await startThinkingServer();
  const { code, stdout } = await runCli(cwd, [...EVAL, ...THINKER, baseURL, "--max-tokens-attempt", "80"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^first try +0\.0 %/m);
  // Cut off at first, and with room enough after it.
  expect(stdout).toMatch(/^after reflection +100\.0 %/m);
  expect(stdout).toMatch(/^ +control: blind retry +100\.0 %/m);
  // Of the controls, one gets what is left of another's tokens.
  expect([...new Set(limits)]).toEqual(expect.arrayContaining([80, 90, 300]));
  expect(Math.max(...limits)).toBe(300);
  expect(resultIn(cwd)).toMatchObject({
    preset: { name: "hard", from: "configuration" },
    limits: { from: { attempt: "option", reflection: "configuration", retry: "configuration" } },
  });
  const all = await startThinkingServer();
  const cut = await runCli(cwd, [...EVAL.slice(0, -1), "all", ...THINKER, all.baseURL, "--max-tokens", "80"]);
  expect(cut.stdout).toMatch(/^first try +0\.0 %/m);
  expect(cut.stdout).toMatch(/^answers cut off at the limit +[1-9]/m);
  expect(new Set(all.limits)).toEqual(new Set([80]));
  expect((await runCli(cwd, ["show", "all", "--failed"])).stdout).toContain("(cut off at the token limit)");
});

test("no longer than the context window has room for, to the last retry", async () => {
  const cwd = project({});
  // The first attempt is cut off, so that the whole conversation comes to be asked for.
  const { baseURL, limits } = await startThinkingServer({ contextLength: 4096, thoughts: 3000 });
  const { code, stdout } = await runCli(cwd, [...EVAL, ...THINKER, baseURL]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^errored problems +0$/m);
  expect(Math.max(...limits)).toBeGreaterThan(1000);
  expect(resultIn(cwd).limits.from).toEqual({ attempt: "context", reflection: "context", retry: "context" });
});

test("a resumed run has the limits that it began with", async () => {
  const cwd = project({});
  const { baseURL, limits } = await startThinkingServer();
  const stopped = await runCli(cwd, [
    ...EVAL,
    ...THINKER,
    baseURL,
    "--max-tokens",
    "500",
    "--max-tokens-total",
    "3000",
  ]);
  expect(stopped.code).toBe(1);
  expect((await runCli(cwd, ["resume", "run", "--quiet"])).code).toBe(0);
  expect(new Set(limits)).toEqual(new Set([500]));
});

test("with real data, an accepted answer is never longer than the limit", async () => {
  const tools = [{ name: "note", parameters: { type: "object", properties: { text: { type: "string" } } } }];
  const item = (i: number) => ({
    query: `Note number ${i}.`,
    tools,
    expected: [{ name: "note", arguments: { text: `${i}${"x".repeat(6_000)}` } }],
  });
  const data = Array.from({ length: 60 }, (_, i) => JSON.stringify(item(i))).join("\n");
  const cwd = project({ "data.jsonl": data });
  const { baseURL } = await startThinkingServer();
  const flags = ["--data", "data.jsonl", "--limit", "5", "--no-cache", "--out", "run", ...THINKER, baseURL];
  const raised = await runCli(cwd, ["eval", "function-calling", ...flags]);
  expect(raised.stdout.replaceAll(/\s+/g, " ")).toMatch(
    /Most tokens: 9,\d{3} for an attempt or a retry \(what the longest accepted answer may need\)/,
  );
  expect(raised.stdout).not.toContain("Preset");
  expect(resultIn(cwd).limits).toMatchObject({ reflection: 2048, from: { attempt: "data", retry: "data" } });
  const said = await runCli(cwd, [
    ...["eval", "function-calling"],
    ...flags.with(6, "said"),
    "--max-tokens",
    "500",
  ]);
  expect(said.stderr).toMatch(
    /longest accepted answer may need 9\d{3} tokens: --max-tokens-attempt 500 would cut it off/,
  );
});
