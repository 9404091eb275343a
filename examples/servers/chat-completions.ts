/**
 * Any model behind POST /v1/chat/completions, for clients of OpenAI's API, on this machine only. It answers whole
 * (no stream) and refuses by name what it does not know rather than answer as if it had not been asked for.
 * @see https://platform.openai.com/docs/api-reference/chat/create
 */
import { randomInt, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type Completion,
  type GenerateOptions,
  type Message,
  type Model,
  messageOf,
  RrrError,
  tokenCount,
} from "@rrr/core";

const LONGEST_BODY = 1_000_000;

/** What a request is answered with. */
export interface ChatAnswer {
  readonly id: string;
  readonly object: "chat.completion";
  /** Seconds since 1970. */
  readonly created: number;
  readonly model: string;
  readonly choices: readonly {
    readonly index: number;
    readonly message: { readonly role: "assistant"; readonly content: string; readonly refusal: null };
    readonly logprobs: null;
    readonly finish_reason: Completion["finish"];
  }[];
  readonly usage: {
    readonly prompt_tokens: number;
    readonly completion_tokens: number;
    readonly total_tokens: number;
  };
}

/** Starts on a free port of 127.0.0.1, unless one is given. */
export async function serveChat(
  model: Model,
  port = 0,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => void answer(model, request, response));
  await once(server.listen(port, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    async close() {
      const closed = once(server.close(), "close");
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(model: Model, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // Nobody waits for the answer any more: nothing is sampled for it either.
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  try {
    if (request.url !== "/v1/chat/completions") return refuse(response, 404, `no ${request.url} here`);
    if (request.method !== "POST") return refuse(response, 405, `${request.method} is not POST`);
    const { messages, ...options } = readRequest(JSON.parse(await readBody(request)), model);
    const completions = await model.generate(messages, { ...options, signal: gone.signal });
    send(response, 200, toAnswer(model, completions));
  } catch (error) {
    const isOurs = RrrError.is(error, "bad-argument") || RrrError.is(error, "context-overflow");
    const status = isOurs || error instanceof SyntaxError ? 400 : 500;
    const code = RrrError.is(error, "context-overflow") ? "context_length_exceeded" : null;
    refuse(response, status, messageOf(error), code);
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  // To its end, also when it is too long: else the client would find the connection cut and no answer.
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= LONGEST_BODY) chunks.push(chunk);
  }
  if (length > LONGEST_BODY) throw bad(`the body is longer than ${LONGEST_BODY} bytes`);
  return Buffer.concat(chunks).toString("utf8");
}

function readRequest(
  body: unknown,
  model: Model,
): GenerateOptions & { readonly messages: readonly Message[] } {
  if (typeof body !== "object" || body === null) throw bad("the body is no JSON object");
  const {
    model: id,
    messages,
    max_tokens,
    max_completion_tokens,
    temperature,
    seed,
    n,
    ...others
  } = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null && value !== false)); // A field of null or false is as good as none.
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw bad(`"${unknown}" is not supported`);
  if (id !== model.id) throw bad(`there is no model "${id}", only "${model.id}"`);
  if (!Array.isArray(messages) || messages.length === 0 || !messages.every(isMessage)) {
    throw bad('"messages" must be turns of "system", "user" and "assistant" with a text as content');
  }
  return {
    messages,
    maxTokens: numberIn("max_tokens", max_completion_tokens ?? max_tokens ?? 1_024, 1, 1_000_000, true),
    temperature: numberIn("temperature", temperature ?? 1, 0, 2, false),
    seed: numberIn("seed", seed ?? randomInt(2 ** 32), -(2 ** 53), 2 ** 53, true) >>> 0,
    n: numberIn("n", n ?? 1, 1, 128, true),
  };
}

function isMessage(value: unknown): value is Message {
  const { role, content } = (value ?? {}) as Partial<Message>;
  return (role === "system" || role === "user" || role === "assistant") && typeof content === "string";
}

function numberIn(name: string, value: unknown, least: number, most: number, whole: boolean): number {
  const isOne = typeof value === "number" && value >= least && value <= most;
  if (isOne && (!whole || Number.isInteger(value))) return value;
  throw bad(`"${name}" must be a ${whole ? "whole " : ""}number from ${least} to ${most}`);
}

function toAnswer(model: Model, completions: readonly Completion[]): ChatAnswer {
  const prompt = completions[0]?.tokens?.prompt.length ?? completions[0]?.usage?.prompt ?? 0;
  const sampled = completions.reduce((sum, completion) => sum + (tokenCount(completion) ?? 0), 0);
  return {
    id: `chatcmpl-${randomUUID()}`,
    object: "chat.completion",
    created: Math.floor(Date.now() / 1_000),
    model: model.id,
    choices: completions.map(({ text, finish }, index) => ({
      index,
      message: { role: "assistant", content: text, refusal: null },
      logprobs: null,
      finish_reason: finish,
    })),
    usage: { prompt_tokens: prompt, completion_tokens: sampled, total_tokens: prompt + sampled },
  };
}

function bad(message: string): RrrError {
  return new RrrError("bad-argument", message);
}

function refuse(response: ServerResponse, status: number, message: string, code: string | null = null): void {
  const type = status < 500 ? "invalid_request_error" : "server_error";
  send(response, status, { error: { message, type, param: null, code } });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
