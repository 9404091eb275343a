/** How a server is asked, as the built command asks it: options, what is kept of them, what is said before and after. */
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createOpenAIModel } from "@rrr/models";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { EVEN_TASK, project } from "../../plugins/test/plugin-files.ts";
import { runCli } from "./run-cli.ts";

vi.setConfig({ testTimeout: 120_000 });

interface Asked {
  readonly headers: IncomingHttpHeaders;
  readonly body: {
    readonly messages: readonly { readonly role: string }[];
    readonly [field: string]: unknown;
  };
}

type Reply = readonly [status: number, body: object];

const answer = (content: string): Reply => [
  200,
  {
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
    usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
  },
];

/** Says what a model says of itself, and answers as it is told. */
async function serve(reply: (asked: Asked, count: number) => Reply, told: () => object = () => ({})) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const send = (status: number, body: object): void => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    if (request.url === "/v1/models") return send(200, { data: [{ id: "m", ...told() }, { id: "n" }] });
    if (request.url !== "/v1/chat/completions") return send(404, { detail: "Not Found" });
    const each = { headers: request.headers, body: JSON.parse(text) };
    asked.push(each);
    send(...reply(each, asked.length));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const world = () => project({ "even.mjs": `export default ${EVEN_TASK};` });
const EVAL = [
  "eval",
  "./even.mjs",
  "--isolate",
  "none",
  "--limit",
  "6",
  "--no-controls",
  "--model",
  "openai:m",
];

beforeEach(() => {
  vi.stubEnv("RRR_CACHE_DIR", join(project({}), "cache"));
  vi.stubEnv("OPENAI_API_KEY", "sk-test-0123456789");
  onTestFinished(() => void vi.unstubAllEnvs());
});

test("what is asked for is sent, and known to the run; a secret is sent alone", async () => {
  const cwd = world();
  const { origin, asked } = await serve(() => answer("1000"));
  vi.stubEnv("OPENAI_BASE_URL", `${origin}/v1`);
  const secret = "q7Zt0Xw3Kd9Lm2Pv";
  const flags = ["--reasoning-effort", "low", "--timeout", "30s", "--header", "X-Team: blue"];
  flags.push(
    "--header",
    `X-Gateway: ${secret}`,
    "--body",
    '{"top_p": 0.9, "seed": null, "temperature": null}',
  );
  const { code, stdout, stderr } = await runCli(cwd, [...EVAL, ...flags, "--json", "--out", "runs/a"]);
  expect(code, stderr).toBe(0);
  const { headers, body } = asked[0] as Asked;
  expect(headers).toMatchObject({ "x-team": "blue", "x-gateway": secret });
  expect(body).toMatchObject({ model: "m", top_p: 0.9, reasoning_effort: "low" });
  expect(body).not.toHaveProperty("seed");
  expect(body).not.toHaveProperty("temperature");
  const shown = JSON.parse((await runCli(cwd, ["show", "a", "--json"])).stdout);
  expect(shown.spec.model).toEqual({
    ...{ name: "openai:m", baseUrl: `${origin}/v1`, reasoningEffort: "low", timeoutMs: 30_000 },
    headers: { "x-team": "blue", "x-gateway": null },
    body: { top_p: 0.9, seed: null, temperature: null },
  });
  const kept = ["run.db", "result.json", "report.txt"].map((name) => readFileSync(join(cwd, "runs/a", name)));
  for (const text of [...kept.map(String), stdout, stderr]) expect(text).not.toContain(secret);
});

test("a run is resumed as it was begun, whatever the environment says by then", async () => {
  const cwd = world();
  const { origin, asked } = await serve(() => answer("1001"));
  vi.stubEnv("OPENAI_BASE_URL", `${origin}/v1`);
  const flags = ["--header", "x-team: blue", "--header", "x-api-key: k", "--body", '{"top_p": 0.5}'];
  flags.push("--concurrency", "1", "--max-tokens-total", "400", "--no-cache", "--out", "runs/a");
  expect((await runCli(cwd, [...EVAL, ...flags])).stderr).toContain("[budget-spent]");
  const before = asked.length;
  vi.stubEnv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1");
  const refused = await runCli(cwd, ["resume", "a"]);
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("header x-api-key") });
  expect(asked).toHaveLength(before);
  const other = await runCli(cwd, ["resume", "a", "--header", "x-api-key: k", "--header", "x-new: 1"]);
  expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining("begun without it") });
  const resumed = await runCli(cwd, ["resume", "a", "--header", "X-API-Key: k2", "--quiet"]);
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(asked.length).toBeGreaterThan(before);
  expect(asked.at(-1)).toMatchObject({
    headers: { "x-team": "blue", "x-api-key": "k2" },
    body: { top_p: 0.5 },
  });
});

test("no error shows a value of a header or a field", async () => {
  const cwd = world();
  for (const flags of [
    ["--header", "hunter2hunter2"],
    ["--header", "a b: hunter2hunter2"],
    ["--body", '{"api_key": "hunter2hunter2"'],
    ["--body", '{"api_key": "hunter2hunter2"}'],
    ["--body", '["hunter2hunter2"]'],
  ]) {
    const { code, stderr } = await runCli(cwd, [...EVAL, ...flags]);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining("[bad-argument]") });
    expect(stderr).not.toContain("hunter2");
  }
  const wrong = await runCli(cwd, ["eval", "./even.mjs", "--header", "x-team: blue"]);
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining("only openai:NAME takes headers") });
});

test("other fields, other answers: the cache does not take one for the other", async () => {
  const cwd = world();
  const { origin, asked } = await serve(() => answer("1000"));
  const run = (...flags: readonly string[]) =>
    runCli(cwd, [...EVAL, "--base-url", `${origin}/v1`, "--quiet", ...flags]);
  for (const [flags, more] of [
    [[], 6],
    [[], 0],
    [["--body", '{"top_p": 0.9}'], 6],
    [["--body", '{"seed": null}'], 6],
    [["--header", "x-route: fast"], 6],
    [["--header", "x-route: slow"], 6],
    [["--header", "x-route: 7f3a9c1e"], 6],
    [["--header", "x-route: 1e9c3a7f"], 6],
    [["--header", "x-api-key: one"], 6],
    [["--header", "x-api-key: two"], 0],
    [["--reasoning-effort", "high"], 6],
    [["--timeout", "20s"], 0],
  ] as const) {
    const before = asked.length;
    expect((await run(...flags)).code).toBe(0);
    expect([flags, asked.length - before]).toEqual([flags, more]);
  }
});

test("a local server with other weights under the same name is asked again, and a run of it not resumed", async () => {
  const cwd = world();
  let created = 1_700_000_000;
  const { origin, asked } = await serve(
    (_, count) => (count > 14 ? [401, { error: { message: "Expired." } }] : answer("1001")),
    () => ({ created }),
  );
  const flags = [...EVAL, "--base-url", `${origin}/v1`, "--quiet", "--limit", "2"];
  await runCli(cwd, [...flags, "--out", "runs/a"]);
  await runCli(cwd, [...flags, "--out", "runs/b"]);
  expect(asked).toHaveLength(6);
  created++;
  await runCli(cwd, [...flags, "--out", "runs/c"]);
  expect(asked).toHaveLength(12);
  const compared = await runCli(cwd, ["compare", "b", "c"]);
  expect(compared.stdout).toContain("Settings that differ\n  served created: A 1700000000, B 1700000001\n");
  expect(compared.stdout).toContain("answers from the cache: A 100.0 %, B 0.0 %");
  const json = JSON.parse((await runCli(cwd, ["compare", "b", "c", "--json"])).stdout);
  expect(json.settings).toContainEqual({ setting: "answers from the cache", values: [1, 0] });

  const stopped = await runCli(cwd, [...flags, "--limit", "4", "--out", "runs/d", "--concurrency", "1"]);
  expect(stopped).toMatchObject({ code: 1, stderr: expect.stringContaining("HTTP 401") });
  created++;
  const resumed = await runCli(cwd, ["resume", "d"]);
  expect(resumed.stderr).toContain("model.settings.served.created was 1700000001 and is now 1700000002");
});

test("a key that is wrong ends the run at once, with what to do", async () => {
  const cwd = world();
  const { origin, asked } = await serve(() => [
    401,
    { error: { message: "Incorrect API key: sk-test-0123456789" } },
  ]);
  const flags = ["--base-url", `${origin}/v1`, "--limit", "300", "--json"];
  const { code, stdout, stderr } = await runCli(cwd, [...EVAL, ...flags]);
  expect(code).toBe(1);
  expect(asked).toHaveLength(1);
  expect(stderr).toMatch(
    /rrr: m at .*HTTP 401: Incorrect API key: \[redacted\] \[model-failed\]\. Give a key/,
  );
  expect(JSON.parse(stdout.trim().split("\n").at(-1) ?? "")).toMatchObject({
    kind: "error",
    code: "model-failed",
  });
  expect(stderr).not.toContain("rrr resume");
});

test("hints reach the user: the URL that was meant, the models there are, nobody there", async () => {
  const cwd = world();
  const { origin } = await serve(() => [404, { error: { message: "no such model" } }]);
  const hint = async (...flags: readonly string[]) =>
    (await runCli(cwd, [...EVAL, "--quiet", ...flags])).stderr;
  expect(await hint("--base-url", origin)).toContain(`give --base-url ${origin}/v1.`);
  expect(await hint("--base-url", `${origin}/v1`, "--model", "openai:mm")).toContain("it has m, n");
  expect(await hint("--base-url", "http://127.0.0.1:1/v1")).toMatch(/ollama serve.*llama-server/);
});

test("every request refused for the same reason: the run ends with it", async () => {
  const cwd = world();
  const { origin, asked } = await serve(() => [400, { error: { message: "seed is not supported" } }]);
  const flags = ["--base-url", `${origin}/v1`, "--limit", "300"];
  const { code, stderr } = await runCli(cwd, [...EVAL, ...flags]);
  expect(code).toBe(1);
  expect(stderr).toContain("HTTP 400: seed is not supported [model-failed]");
  expect(asked.length).toBeLessThan(10);
});

test("a server that refuses the system role: asked without it, said in the report, also after a resume", async () => {
  const system = EVEN_TASK.replace("[{ role:", '[{ role: "system", content: "Be brief." }, { role:');
  expect(system).not.toBe(EVEN_TASK);
  const cwd = project({ "even.mjs": `export default ${system};` });
  const { origin, asked } = await serve(({ body }) =>
    body.messages.some(({ role }) => role === "system")
      ? [500, { error: { message: "Jinja Exception: System role not supported" } }]
      : answer("1001"),
  );
  const flags = ["--base-url", `${origin}/v1`, "--concurrency", "1", "--out", "runs/a"];
  await runCli(cwd, [...EVAL, ...flags, "--max-tokens-total", "400"]);
  const before = asked.length;
  const resumed = await runCli(cwd, ["resume", "a"]);
  expect(resumed.stdout, resumed.stderr).toContain("The server refuses the system role");
  const sent = asked.slice(before).map(({ body }) => body.messages.map(({ role }) => role));
  expect(sent.length).toBeGreaterThan(0);
  for (const roles of sent) expect(roles).not.toContain("system");
  expect((await runCli(cwd, ["show", "a"])).stdout).toContain("The server refuses the system role");
  const { result } = JSON.parse((await runCli(cwd, ["show", "a", "--json"])).stdout);
  expect(result.notes).toEqual([expect.stringContaining("system role")]);
});

test("before a paid server is asked, what it will take is said; a local one is asked at once", async () => {
  const cwd = world();
  writeFileSync(join(cwd, "prices.json"), '{"m": {"input": 1, "output": 2}}');
  // A name that no proxy and no resolver knows: said before anything is asked.
  const paid = ["--base-url", "http://paid.invalid/v1", "--prices", "prices.json", "--json"];
  const { stdout, stderr } = await runCli(cwd, [...EVAL, ...paid]);
  expect(stderr).toMatch(
    /^6 to 18 requests to http:\/\/paid\.invalid\/v1, .*likely about \$[\d.]+ .*at most about \$/m,
  );
  const events = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(events.find(({ kind }) => kind === "estimate")).toMatchObject({
    ...{ server: "http://paid.invalid/v1", requests: { least: 6, most: 18 } },
    costUsd: { likely: expect.any(Number), most: expect.any(Number) },
  });
  const { origin } = await serve(() => answer("1000"));
  const local = await runCli(cwd, [...EVAL, "--base-url", `${origin}/v1`, "--json"]);
  expect(local.stdout).not.toContain('"kind":"estimate"');
});

test("a program's model has the environment's server too", () => {
  vi.stubEnv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1/");
  expect(createOpenAIModel({ model: "m" }).id).toBe("openai:m@http://127.0.0.1:1/v1");
});
