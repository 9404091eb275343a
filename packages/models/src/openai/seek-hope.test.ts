import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Message, RrrError } from "@rrr/core";
import { expect, it, onTestFinished, vi } from "vitest";
import { toChat } from "../../test/reply-server.ts";
import { modelAt } from "../../test/serve.ts";

const ask: readonly Message[] = [{ role: "user", content: "2 + 2?" }];
const options = { maxTokens: 16, temperature: 0.5 };

type Reply = readonly [status: number, body: unknown];

/** Answers by path; whatever else is asked for is not there. */
async function serve(paths: Readonly<Record<string, (asked: number) => Reply>>) {
  const asked: string[] = [];
  const server = createServer(({ url = "" }, response) => {
    asked.push(url);
    const times = asked.filter((each) => each === url).length;
    const [status, body] = paths[url]?.(times) ?? [404, { detail: "Not Found" }];
    response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** Forty requests at once, ended as a run ends them. @returns what was told */
async function hopelessAt(baseURL: string, settings = {}): Promise<readonly RrrError[]> {
  const told: RrrError[] = [];
  const run = new AbortController();
  const onHopeless = (error: RrrError): void => {
    told.push(error);
    run.abort();
  };
  const model = modelAt(baseURL, { onHopeless, ...settings });
  const requests = Array.from({ length: 40 }, (_, seed) =>
    model.generate(ask, { ...options, seed, signal: run.signal }),
  );
  await Promise.allSettled(requests);
  return told;
}

const said = (message: string) => ({ error: { message } });
const answer = (): Reply => [200, toChat({ content: "4" })];
const choices = (content: string) => (toChat({ content }) as { readonly choices: object[] }).choices;
const models = (): Reply => [200, { data: [{ id: "qwen3-4b" }, { id: "other" }] }];

it.each<[string, Reply, RegExp]>([
  ["a wrong key", [401, said("No such key.")], /HTTP 401: No such key/],
  ["a key that may not", [403, said("Forbidden")], /HTTP 403/],
  ["no credit", [429, { error: { message: "Pay.", code: "insufficient_quota" } }], /Pay/],
  ["a redirect", [302, ""], /HTTP 302/],
])("%s ends it after one request", async (_, reply, message) => {
  const { origin, asked } = await serve({ "/v1/chat/completions": () => reply });
  const told = await hopelessAt(`${origin}/v1`);
  expect(told.map((error) => error.message)).toEqual([expect.stringMatching(message)]);
  expect(asked.filter((url) => url === "/v1/chat/completions")).toHaveLength(1);
});

it("a wrong key ends it also after answers, a prompt that a filter did not like does not", async () => {
  const gone = await serve({
    "/v1/chat/completions": (times) => (times < 10 ? answer() : [401, said("Expired.")]),
  });
  expect(await hopelessAt(`${gone.origin}/v1`)).toMatchObject([{ code: "model-failed" }]);
  const flagged = await serve({
    "/v1/chat/completions": (times) => (times < 3 ? [403, said("Your input was flagged")] : answer()),
  });
  expect(await hopelessAt(`${flagged.origin}/v1`)).toEqual([]);
});

it("a base URL without its version: says which one answers", async () => {
  const { origin } = await serve({ "/v1/chat/completions": answer, "/v1/models": models });
  for (const path of ["", "/v1/chat/completions", "/api"]) {
    const [error] = await hopelessAt(`${origin}${path}`);
    expect(error?.hint).toBe(`A server of models answers at ${origin}/v1: give --base-url ${origin}/v1.`);
  }
});

it("a model that is not there: lists those that are", async () => {
  const { origin } = await serve({
    "/v1/chat/completions": () => [404, said("model not found")],
    "/v1/models": models,
  });
  const [error] = await hopelessAt(`${origin}/v1`, { model: "qwen3-4" });
  expect(error?.hint).toBe(
    'Did you mean openai:qwen3-4b? The server has no "qwen3-4"; it has other, qwen3-4b.',
  );
});

it("the same refusal again and again ends it, with numbers that differ too; other refusals do not", async () => {
  const same = await serve({
    "/v1/chat/completions": (times) => [400, said(`temperature is not supported (request ${times})`)],
  });
  expect(await hopelessAt(`${same.origin}/v1`, { concurrency: 40 })).toHaveLength(1);
  expect(same.asked.filter((url) => url === "/v1/chat/completions").length).toBeLessThanOrEqual(5);
  const early = await serve({
    "/v1/chat/completions": (times) => (times < 5 ? [400, said("bad")] : answer()),
  });
  expect(await hopelessAt(`${early.origin}/v1`)).toEqual([]);
});

it.each<[string, object, RegExp]>([
  ["no finish reason", toChat({ content: "4" }, null), /finish reason null/],
  ["no choices", { id: "x" }, /no choices/],
  ["two choices", { choices: [...choices("4"), ...choices("5")] }, /2 choices where one was asked for/],
  ["a text in place of a message", { choices: [{ text: "4", finish_reason: "stop" }] }, /without a message/],
  ["no content", toChat({ content: null }), /content is null/],
])("%s in every answer ends it; not after one, nor for one request alone", async (_, body, message) => {
  const same = await serve({ "/v1/chat/completions": () => [200, body] });
  const told = await hopelessAt(`${same.origin}/v1`);
  expect(told).toMatchObject([
    { message: expect.stringMatching(message), hint: expect.stringMatching(/stop|API|reasoning/) },
  ]);
  const completions = ({ asked }: typeof same) =>
    asked.filter((url) => url === "/v1/chat/completions").length;
  expect(completions(same)).toBeLessThanOrEqual(16);
  const early = await serve({
    "/v1/chat/completions": (times) => (times === 10 ? answer() : times < 20 ? [200, body] : answer()),
  });
  expect(await hopelessAt(`${early.origin}/v1`, { concurrency: 1 })).toEqual([]);
  const told1: RrrError[] = [];
  const one = modelAt(`${same.origin}/v1`, { onHopeless: (error) => told1.push(error) });
  await expect(one.generate(ask, { ...options, seed: 1 })).rejects.toMatchObject({ code: "model-failed" });
  expect(told1).toEqual([]);
});

it.each([
  ["Unsupported parameter: 'seed'", /--body '\{"seed": null\}'/],
  ["Unrecognized request argument supplied: stream_options", /\{"stream_options": null\}/],
])("a field that is refused is named with the way to leave it out: %s", async (message, hint) => {
  const { origin } = await serve({
    "/v1/chat/completions": () => [400, said(message)],
    "/v1/models": models,
  });
  const [error] = await hopelessAt(`${origin}/v1`, { model: "other" });
  expect(error?.hint).toMatch(hint);
});

it("nothing is said of fields where none is named", async () => {
  const { origin } = await serve({
    "/v1/chat/completions": () => [400, said("bad seedling")],
    "/v1/models": models,
  });
  expect((await hopelessAt(`${origin}/v1`, { model: "other" }))[0]).not.toHaveProperty(
    "hint",
    expect.anything(),
  );
});

it("a web page in place of every answer", async () => {
  const { origin, asked } = await serve({
    "/v1/chat/completions": () => [200, "<!doctype html><title>Log in</title>"],
  });
  const [error] = await hopelessAt(`${origin}/v1`);
  expect(error?.hint).toMatch(/web page.*HTTPS_PROXY/);
  expect(asked.filter((url) => url === "/v1/chat/completions").length).toBeLessThan(10);
});

it("nobody there, a name that is none: says how to start or find one", async () => {
  expect(await hopelessAt("http://127.0.0.1:1/v1")).toMatchObject([
    { hint: expect.stringMatching(/ollama serve.*llama-server.*vllm serve/) },
  ]);
  vi.stubEnv("HTTP_PROXY", "");
  vi.stubEnv("http_proxy", "");
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await hopelessAt("http://model.invalid/v1")).toMatchObject([
    { message: expect.stringContaining("ENOTFOUND"), hint: expect.stringContaining("No such host") },
  ]);
});

it("a slow first answer does not hold the others back for long", async () => {
  let busy = 0;
  let most = 0;
  const server = createServer((_, response) => {
    most = Math.max(most, ++busy);
    setTimeout(() => response.end(JSON.stringify(toChat({ content: "4" }))), 4_000);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  expect(await hopelessAt(url)).toEqual([]);
  expect(most).toBe(40);
});

it("is an RrrError of the model that was asked", async () => {
  const { origin } = await serve({ "/v1/chat/completions": () => [401, said("No.")] });
  const [error] = await hopelessAt(`${origin}/v1`);
  expect(RrrError.is(error, "model-failed")).toBe(true);
  expect(error?.message).toBe(`m at ${origin}/v1: HTTP 401: No.`);
});
