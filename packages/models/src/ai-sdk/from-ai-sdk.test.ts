import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import type { LanguageModelV2, LanguageModelV3 } from "@ai-sdk/provider";
import type { Message } from "@rrr/core";
import { testModel } from "@rrr/core/testing";
import { afterAll, beforeEach, expect, expectTypeOf, test, vi } from "vitest";
import { fromAISDK } from "./from-ai-sdk.ts";
import type { AISDKLanguageModel } from "./language-model.ts";

/** What the server was asked, and how it answers: `tries` counts the requests of a test. */
type Body = Record<string, unknown>;
let asked: Body[] = [];
let answer: (body: Body, tries: number, response: ServerResponse, request: IncomingMessage) => void;

const server = createServer(async (request, response) => {
  const body = JSON.parse(await text(request)) as Body;
  asked.push(body);
  answer(body, asked.length, response, request);
}).listen(0, "127.0.0.1");
await new Promise((resolve) => server.once("listening", resolve));
const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
afterAll(() => void server.close());

const language = createOpenAICompatible({ name: "local", baseURL, apiKey: "sk-secret" })("small");
const model = fromAISDK(language, { backoffMs: 1, maxAttempts: 3 });
const question: readonly Message[] = [{ role: "user", content: "2 + 2?" }];
const options = { maxTokens: 8, temperature: 0, seed: 7 };

function reply(response: ServerResponse, message: Body, rest: Body = {}, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(
    JSON.stringify({
      choices: [{ index: 0, message: { role: "assistant", ...message }, finish_reason: "stop", ...rest }],
      usage: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 },
    }),
  );
}

beforeEach(() => {
  asked = [];
  answer = (_, __, response) => reply(response, { content: "4" });
});

test("models of the AI SDK fit as they are", () => {
  expectTypeOf<LanguageModelV2>().toExtend<AISDKLanguageModel>();
  expectTypeOf<LanguageModelV3>().toExtend<AISDKLanguageModel>();
});

test("it conforms", async () => {
  answer = ({ messages, seed, temperature }, _, response) =>
    reply(response, { content: JSON.stringify([messages, temperature === 0 ? 0 : seed]) });
  expect(await testModel(model)).toEqual([]);
});

test("a request says what was asked; an answer has text, finish, usage and reasoning", async () => {
  answer = (_, __, response) =>
    reply(response, { content: "4", reasoning_content: "two twos" }, { finish_reason: "length" });
  const tools = [{ name: "add", description: "Adds.", parameters: { type: "object", properties: {} } }];
  const conversation: readonly Message[] = [
    { role: "system", content: "Be brief.", tools },
    { role: "user", content: "Hello" },
    { role: "assistant", content: "Hi" },
    ...question,
  ];
  const completions = await model.generate(conversation, { ...options, n: 2 });
  expect(completions).toEqual(
    Array(2).fill({
      text: "4",
      finish: "length",
      reasoning: "two twos",
      usage: { prompt: 5, completion: 2 },
    }),
  );
  expect(asked[0]).toMatchObject({
    model: "small",
    max_tokens: 8,
    temperature: 0,
    messages: conversation.map(({ role, content }) => ({ role, content })),
    tools: [{ type: "function", function: tools[0] }],
  });
  expect(asked[0]?.seed).not.toBe(asked[1]?.seed);
});

test("tool calls are written out after the text", async () => {
  const call = { id: "1", type: "function", function: { name: "add", arguments: '{"a": 1}' } };
  answer = (_, __, response) =>
    reply(response, { content: "So:", tool_calls: [call] }, { finish_reason: "tool_calls" });
  const [completion] = await model.generate(question, options);
  expect(completion).toMatchObject({ text: 'So:\n[{"name": "add", "arguments": {"a": 1}}]', finish: "stop" });
});

test("tools are sent by names that providers accept, and called by their own", async () => {
  const call = { id: "1", type: "function", function: { name: "math_add", arguments: "{}" } };
  answer = (_, __, response) =>
    reply(response, { content: null, tool_calls: [call] }, { finish_reason: "tool_calls" });
  const tools = [{ name: "math.add", parameters: { type: "object", properties: {} } }];
  const [completion] = await model.generate([{ role: "user", content: "Go.", tools }], options);
  expect(asked.at(-1)).toMatchObject({ tools: [{ function: { name: "math_add" } }] });
  expect(completion?.text).toBe('[{"name": "math.add", "arguments": {}}]');
});

test.each<[string, (response: ServerResponse) => void]>([
  ["an empty answer", (response) => reply(response, { content: "" })],
  ["no content", (response) => reply(response, { content: null })],
  ["a filtered answer", (response) => reply(response, { content: "4" }, { finish_reason: "content_filter" })],
  [
    "a finish reason that nobody knows",
    (response) => reply(response, { content: "4" }, { finish_reason: "eos" }),
  ],
  ["no finish reason", (response) => reply(response, { content: "4" }, { finish_reason: null })],
  ["no choices", (response) => void response.end('{"choices": []}')],
  ["HTML", (response) => void response.end("<html>Welcome</html>")],
  ["an empty body", (response) => void response.end()],
  ["an error with status 200", (response) => void response.end('{"error": {"message": "overloaded"}}')],
  ["a lost connection", (response) => void response.destroy()],
  [
    "a cut body",
    (response) => {
      response.writeHead(200, { "content-length": 500 });
      response.write('{"choices": [');
      response.destroy();
    },
  ],
  ["too many requests", (response) => reply(response, {}, {}, 429)],
  ["a server error", (response) => void response.writeHead(500).end("oops")],
])("%s is asked for again, and never an answer", async (_, broken) => {
  answer = (_, tries, response) => (tries < 3 ? broken(response) : reply(response, { content: "4" }));
  expect((await model.generate(question, options))[0]?.text).toBe("4");
  expect(asked).toHaveLength(3);

  answer = (_, __, response) => broken(response);
  await expect(model.generate(question, options)).rejects.toMatchObject({
    code: "model-failed",
    message: expect.stringMatching(/^local\.chat\/small: .*, after 3 attempts$/s),
  });
});

test("what would be refused again is not asked again", async () => {
  const refuse = (status: number, message: string) => () => {
    answer = (_, __, response) => void response.writeHead(status).end(JSON.stringify({ error: { message } }));
  };
  for (const [status, message, code] of [
    [401, "wrong key", "model-failed"],
    [400, "the prompt is longer than the model's maximum context length", "context-overflow"],
  ] as const) {
    refuse(status, message)();
    asked = [];
    await expect(model.generate(question, options)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
    expect(asked).toHaveLength(1);
  }
});

test("a server that never answers is given up, and an abort does not wait for it", async () => {
  answer = () => {};
  const hasty = fromAISDK(language, { backoffMs: 1, maxAttempts: 2, timeoutMs: 50 });
  await expect(hasty.generate(question, options)).rejects.toThrow("no answer within 50 ms, after 2 attempts");
  let gone = 0;
  answer = (_, __, response) => void response.on("close", () => gone++);
  const stop = new AbortController();
  asked = [];
  const pending = model.generate(question, { ...options, n: 2, signal: stop.signal });
  const aborted = expect(pending).rejects.toMatchObject({ code: "aborted", cause: "enough" });
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  stop.abort("enough");
  await aborted;
  await vi.waitFor(() => expect(gone).toBe(2));
});

test("hundreds of requests with one signal are no leak", async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning);
  process.on("warning", onWarning);
  const { signal } = new AbortController();
  const all = Array.from({ length: 200 }, (_, seed) =>
    model.generate(question, { ...options, seed, n: 12, signal }),
  );
  expect(new Set((await Promise.all(all)).flat().map(({ text }) => text))).toEqual(new Set(["4"]));
  expect(asked).toHaveLength(2400);
  await new Promise(setImmediate);
  process.off("warning", onWarning);
  expect(warnings).toEqual([]);
});

test("options that make no sense are refused", () => {
  expect(() => fromAISDK(language, { maxAttempts: 0 })).toThrow("maxAttempts is 0");
  expect(() => fromAISDK(language, { concurrency: 1.5 })).toThrow("concurrency is 1.5");
  expect(() => fromAISDK(language, { timeoutMs: 2 ** 31 })).toThrow("timeoutMs is 2147483648");
  expect(() => fromAISDK(language, { backoffMs: -1 })).toThrow("backoffMs is -1");
});
