/** What models, servers and tasks write cannot steer the terminal of who reads it, wherever it is printed. */
import { mkdirSync, renameSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { openResponseCache, withCache } from "@rrr/models";
import { expect, onTestFinished, test } from "vitest";
import { EVEN_TASK, installed, project } from "../../plugins/test/plugin-files.ts";
import { createRunStore } from "../../runs/src/store/run-store.ts";
import { runHeader } from "../../runs/test/run-header.ts";
import { runCli } from "./run-cli.ts";

/** Clears the screen, sets the clipboard, makes a link, overwrites the line, turns it around, hides letters in it. */
const HOSTILE =
  "a\u001b[2J\u001b]52;c;aGk=\u0007\u001b]8;;http://evil\u001b\\\rb\b\u009b31m\u202ec\u2066\u200b\ufeff\u{e0041}\u{e007f}z";
const SHOWN =
  "a\\u{1b}[2J\\u{1b}]52;c;aGk=\\u{7}\\u{1b}]8;;http://evil\\u{1b}\\\\u{d}b\\u{8}\\u{9b}31m\\u{202e}c\\u{2066}\\u{200b}\\u{feff}\\u{e0041}\\u{e007f}z";
const HIDDEN =
  /(?![\t\n])[\p{Cc}\p{Cs}\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/u;
const SOURCE = JSON.stringify(HOSTILE);

/** An OpenAI-compatible server; its answers have reasoning. */
async function hostileServer(status = 200): Promise<string> {
  const message = { role: "assistant", content: HOSTILE, reasoning_content: `thought ${HOSTILE}` };
  const usage = { prompt_tokens: 5, completion_tokens: 5, total_tokens: 10 };
  const answer = { choices: [{ index: 0, message, finish_reason: "stop" }], usage };
  const server = createServer((_, response) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(status === 200 ? answer : { error: { message: `refused ${HOSTILE}` } }));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

/** The task's own texts are hostile too. */
const TASK = `const task = ${EVEN_TASK};
  task.items = function* (split) { for (let least = split === "test" ? 1 : 0; ; least += 2) yield { least, note: ${SOURCE} }; };
  task.prompt = ({ least }) => [{ role: "user", content: least + ${SOURCE} }];
  task.reflect = () => ${SOURCE};
  export default task;`;

test("show, with what the model thought, and everything else that prints a run", {
  timeout: 120_000,
}, async () => {
  const cwd = project({
    "even.mjs": TASK,
    "pass.mjs": `${TASK.replace("export default task;", "")}
    task.verify = ({ least }) => (least % 4 === 1 ? { kind: "pass" } : { kind: "fail", code: "c", detail: ${SOURCE} }); export default task;`,
  });
  const url = await hostileServer();
  const flags = ["--model", `openai:m`, "--base-url", url, "--limit", "4", "--no-cache"];
  const one = await runCli(cwd, ["eval", "./even.mjs", ...flags, "--out", "runs/one"]);
  const two = await runCli(cwd, ["eval", "./pass.mjs", ...flags, "--out", "runs/two"]);
  const texts = await runCli(cwd, ["show", "two", "--failed"]);
  for (const turn of ["attempt", "reflection", "retry"]) {
    expect(texts.stdout).toContain(`── ${turn}, its reasoning\nthought ${SHOWN}\n── ${turn}`);
  }
  expect(texts.stdout).toContain(`── attempt: fail, c, ${SHOWN}\n${SHOWN}\n`);
  const flips = await runCli(cwd, ["compare", "one", "two"]);
  expect(flips.stdout).toContain("only B passes");
  const again = await runCli(cwd, ["reverify", "one", "--plugin", "./pass.mjs"]);
  expect(again.stdout).toContain("attempt: fail, no-number → pass");
  const others = [await runCli(cwd, ["show", "one"]), await runCli(cwd, ["runs"])];
  for (const { code, stdout, stderr } of [one, two, texts, flips, again, ...others]) {
    expect(code).toBe(0);
    expect(stdout + stderr).not.toMatch(HIDDEN);
  }
  const json = await runCli(cwd, ["show", "two", "--failed", "--json"]);
  expect(json.stdout).not.toMatch(HIDDEN);
  const [episode] = json.stdout.split("\n");
  expect(JSON.parse(episode as string)).toMatchObject({
    item: { note: HOSTILE },
    turns: expect.arrayContaining([
      expect.objectContaining({ text: HOSTILE, reasoning: `thought ${HOSTILE}`, detail: HOSTILE }),
    ]),
  });
});

test("errors that quote a server", async () => {
  const cwd = project({ "even.mjs": TASK });
  const flags = ["--model", "openai:m", "--base-url", await hostileServer(400), "--limit", "2", "--no-cache"];
  const { stdout, stderr } = await runCli(cwd, ["eval", "./even.mjs", ...flags, "--out", "runs/one"]);
  expect(stderr).toContain("refused a");
  const { stdout: shown } = await runCli(cwd, ["show", "one", "--failed"]);
  expect(shown).toContain("refused a");
  expect(stdout + stderr + shown).not.toMatch(HIDDEN);
});

test("prompts, verdicts, errors, check and list", { timeout: 60_000 }, async () => {
  const cwd = project({
    "even.mjs": TASK,
    "tells.mjs": `${TASK} task.reflect = ({ completion }) => ${SOURCE} + (completion.length > 2 ? "long" : "short");`,
    "throws.mjs": `throw new Error(${SOURCE});`,
    ...installed("rrr-task-loud", TASK, {
      exports: "./index.js",
      type: "module",
      description: HOSTILE,
      version: HOSTILE,
    }),
  });
  const prompts = await runCli(cwd, ["prompts", "./even.mjs"]);
  expect(prompts.stdout).toContain(`[user]\n1${SHOWN}\n`);
  const exact = await runCli(cwd, ["prompts", "./even.mjs", "--json"]);
  expect(JSON.parse(exact.stdout).attempt).toEqual([{ role: "user", content: `1${HOSTILE}` }]);
  const line = `${JSON.stringify({ item: { least: 1 }, completion: HOSTILE })}\n`;
  const verdict = await runCli(cwd, ["verify", "./even.mjs"], line);
  expect(JSON.parse(verdict.stdout)).toEqual({ kind: "fail", code: "no-number", detail: HOSTILE });
  const error = await runCli(cwd, ["prompts", "./throws.mjs"]);
  expect(error.stderr).toContain("loading it threw: a\\u{1b}[2J");
  const check = await runCli(cwd, ["check", "./tells.mjs", "--count", "2"]);
  expect(check.stdout).toMatch(/undeclared-feedback: .*\\u\{202e\}/);
  const list = await runCli(cwd, ["list"]);
  expect(list.stdout).toContain(SHOWN);
  const name = await runCli(cwd, ["prompts", HOSTILE]);
  expect(name.stderr).toContain("[plugin-not-found]");
  for (const { stdout, stderr } of [prompts, exact, verdict, error, check, list, name]) {
    expect(stdout + stderr).not.toMatch(HIDDEN);
  }
});

test("a cell is one line: names, models and descriptions forge no row", async () => {
  const forged = "a\nb  eval  openai:m  finished\tz";
  const shown = "a\\u{a}b  eval  openai:m  finished\\u{9}z";
  const manifest = { description: forged, rrr: { spec: "rrr/task@1" } };
  const cwd = project({ ...installed("rrr-task-even", "", manifest) });
  const folder = join(cwd, "runs", forged);
  mkdirSync(folder, { recursive: true });
  createRunStore(folder, { ...runHeader(), task: forged }).close();
  const env = { RRR_CACHE_DIR: join(cwd, "cache") };
  const cache = await openResponseCache({ path: join(cwd, "cache/responses-2.db") });
  const model = { id: forged, generate: async () => [{ text: "4", finish: "stop" as const }] };
  await withCache(model, cache, { model: forged, source: forged }).generate([], {
    ...{ maxTokens: 8, temperature: 1, seed: 1 },
  });
  cache.close();
  for (const args of [["runs"], ["cache"], ["list"], ["runs", "--prune", "--dry-run"]]) {
    const { stdout } = await runCli(cwd, args, "", undefined, env);
    expect(stdout).not.toMatch(/^b {2}eval/m);
    if (args.length === 1) expect(stdout).toContain(shown);
  }
});

test.skipIf(process.platform !== "linux")(
  "a run whose folder's name is not UTF-8 is listed as unreadable",
  async () => {
    const cwd = project({ "runs/.keep": "" });
    const name = Buffer.concat([Buffer.from(join(cwd, "runs/bad-")), Buffer.from([0xff])]);
    mkdirSync(join(cwd, "runs/tmp"));
    createRunStore(join(cwd, "runs/tmp"), runHeader()).close();
    renameSync(join(cwd, "runs/tmp"), name);
    mkdirSync(join(cwd, "runs/good"));
    createRunStore(join(cwd, "runs/good"), runHeader()).close();
    const { code, stdout } = await runCli(cwd, ["runs"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^good /m);
    expect(stdout).toMatch(/^bad-\ufffd +unreadable/m);
    const listed = JSON.parse((await runCli(cwd, ["runs", "--json"])).stdout);
    expect(listed[1]).toMatchObject({ name: "bad-\ufffd", error: expect.stringContaining("not UTF-8") });
    expect((await runCli(cwd, ["runs", "--prune", "--dry-run"])).code).toBe(0);
  },
);
