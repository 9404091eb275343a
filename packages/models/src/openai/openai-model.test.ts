import { type Message, RrrError } from "@rrr/core";
import { assertModelConforms } from "@rrr/core/testing";
import { createFaultServer } from "@rrr/models/testing";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createReplyServer, type ReplyServer, sendJson, toChat } from "../../test/reply-server.ts";
import { createOpenAIModel, type OpenAIModel } from "./openai-model.ts";
import type { OpenAIModelSettings } from "./settings.ts";

const ask: readonly Message[] = [
  { role: "system", content: "Be short." },
  { role: "user", content: "2 + 2?" },
];
const options = { maxTokens: 16, temperature: 0.5, seed: 7 };
const open: { close(): Promise<void> }[] = [];

function modelAt(url: string, settings: Partial<OpenAIModelSettings> = {}): OpenAIModel {
  const model = createOpenAIModel({ model: "m", baseURL: url, backoffMs: 1, ...settings });
  open.push(model);
  return model;
}

async function serve(...given: Parameters<typeof createReplyServer>): Promise<ReplyServer> {
  const server = await createReplyServer(...given);
  open.push(server);
  return server;
}

const answering = (): Promise<ReplyServer> =>
  serve((_, response) => sendJson(response, 200, toChat({ content: "4" })));

async function errorOf(promise: Promise<unknown>): Promise<RrrError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!RrrError.is(error)) throw new Error(`expected an RrrError, got ${String(error)}`);
  return error;
}

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const each of open.splice(0)) await each.close();
});

describe("what is sent", () => {
  it("is one request for each completion, with a seed of its own", async () => {
    const server = await answering();
    const completions = await modelAt(server.url).generate(ask, { ...options, n: 3 });
    expect(completions).toEqual(
      Array(3).fill({ text: "4", finish: "stop", usage: { prompt: 3, completion: 2 } }),
    );
    expect(server.asked.map(({ url }) => url)).toEqual(Array(3).fill("/v1/chat/completions"));
    const { seed, ...body } = server.asked[0]?.body ?? {};
    expect(body).toEqual({ model: "m", messages: ask, max_tokens: 16, temperature: 0.5 });
    const seeds = server.asked.map(({ body }) => body.seed as number);
    expect(new Set(seeds).size).toBe(3);
    expect(seeds.every((each) => Number.isInteger(each) && each >= 0 && each < 2 ** 31)).toBe(true);
    await modelAt(server.url).generate(ask, { ...options, n: 3 });
    expect(
      server.asked
        .slice(3)
        .map(({ body }) => body.seed)
        .toSorted(),
    ).toEqual(seeds.toSorted());
  });

  it("has tools as the server's own", async () => {
    const server = await answering();
    const tools = [{ name: "f", description: "F.", parameters: { type: "object" } }];
    await modelAt(server.url).generate([{ role: "user", content: "Go.", tools }], options);
    expect(server.asked[0]?.body).toMatchObject({
      messages: [{ role: "user", content: "Go." }],
      tools: [{ type: "function", function: tools[0] }],
    });
  });

  it("takes fields of the user's, and leaves out ours where he says so", async () => {
    const server = await answering();
    const model = modelAt(server.url, { body: { top_p: 0.9, seed: undefined } });
    await model.generate(ask, options);
    expect(server.asked[0]?.body).toEqual({
      model: "m",
      messages: ask,
      max_tokens: 16,
      temperature: 0.5,
      top_p: 0.9,
    });
    expect(model.identity).toEqual({ model: "m", source: server.url, settings: { top_p: 0.9 } });
  });

  it("carries the key and other headers, from the environment where none is given", async () => {
    const server = await answering();
    await modelAt(server.url, { apiKey: "k-given", headers: { "X-Team": "a b" } }).generate(ask, options);
    vi.stubEnv("OPENAI_API_KEY", "k-environment");
    await modelAt(server.url).generate(ask, options);
    vi.stubEnv("OPENAI_API_KEY", "");
    await modelAt(server.url).generate(ask, options);
    expect(server.asked.map(({ headers }) => [headers.authorization, headers["x-team"]])).toEqual([
      ["Bearer k-given", "a b"],
      ["Bearer k-environment", undefined],
      [undefined, undefined],
    ]);
  });

  it("says max_completion_tokens to a server that asks for it, from then on", async () => {
    const server = await serve(({ body }, response) =>
      "max_tokens" in body
        ? sendJson(response, 400, {
            error: { message: "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead." },
          })
        : sendJson(response, 200, toChat({ content: "4" })),
    );
    const model = modelAt(server.url);
    await model.generate(ask, options);
    await model.generate(ask, options);
    expect(server.asked.map(({ body }) => [body.max_tokens, body.max_completion_tokens])).toEqual([
      [16, undefined],
      [undefined, 16],
      [undefined, 16],
    ]);
  });

  it("asks for a stream, and reads one", async () => {
    const server = await createFaultServer({ plan: () => undefined });
    open.push(server);
    const [completion] = await modelAt(server.url, { stream: true }).generate(ask, options);
    expect(completion).toMatchObject({ finish: "stop", usage: { prompt: 20, completion: 10 } });
    expect(completion?.text).toMatch(/^right: 2 \+ 2\? \(seed \d+\)$/);
    expect(JSON.parse([...server.served.keys()][0] ?? "")).toMatchObject({
      stream: true,
      stream_options: { include_usage: true },
    });
  });
});

describe("errors", () => {
  it.each([
    [401, { error: { message: "No such key." } }, "model-failed", "HTTP 401: No such key.", /OPENAI_API_KEY/],
    [403, { detail: "Forbidden" }, "model-failed", "HTTP 403: Forbidden", /key/],
    [
      404,
      { error: { message: "model 'm' not found" } },
      "model-failed",
      "HTTP 404: model 'm' not found",
      /\/v1/,
    ],
    [400, { error: { message: "bad\nfield" } }, "model-failed", "HTTP 400: bad field", undefined],
    [307, {}, "model-failed", "HTTP 307: {}", /redirects/],
    [
      429,
      { error: { message: "Pay.", code: "insufficient_quota" } },
      "model-failed",
      "HTTP 429: Pay.",
      /credit/,
    ],
    [
      400,
      { error: { message: "Reduce the messages.", code: "context_length_exceeded" } },
      "context-overflow",
      "HTTP 400: Reduce the messages.",
      /context/,
    ],
    [
      400,
      {
        error: {
          message: "the request exceeds the available context size",
          type: "exceed_context_size_error",
        },
      },
      "context-overflow",
      "HTTP 400: the request exceeds the available context size",
      /context/,
    ],
    [
      400,
      { object: "error", message: "This model's maximum context length is 64 tokens.", code: 400 },
      "context-overflow",
      "HTTP 400: This model's maximum context length is 64 tokens.",
      /context/,
    ],
  ] as const)("are final where asking again is no use: %d %j", async (status, body, code, problem, hint) => {
    const server = await serve((_, response) => sendJson(response, status, body));
    const error = await errorOf(modelAt(server.url).generate(ask, options));
    expect([error.code, error.message]).toEqual([code, `m at ${server.url}: ${problem}`]);
    if (hint === undefined) expect(error.hint).toBeUndefined();
    else expect(error.hint).toMatch(hint);
    expect(server.asked).toHaveLength(1);
  });

  it.each([
    [502, "<h1>Bad</h1>\u001b[31m gateway", "HTTP 502: Bad [31m gateway"],
    [204, "", "HTTP 204"],
  ])("say the last problem and the number of attempts: %d", async (status, body, problem) => {
    const server = await serve((_, response) => response.writeHead(status).end(body));
    const error = await errorOf(modelAt(server.url, { maxAttempts: 3 }).generate(ask, options));
    expect(error.message).toBe(`m at ${server.url}: ${problem}, after 3 attempts`);
    expect(server.asked).toHaveLength(3);
  });

  it("come at once where nothing listens", async () => {
    const server = await answering();
    await server.close();
    const error = await errorOf(modelAt(server.url).generate(ask, options));
    expect(error.message).toContain("ECONNREFUSED");
    expect(error.hint).toBe("Is the server running, and is the base URL right?");
  });

  it("wait for a server that has been there before", async () => {
    const server = await answering();
    const model = modelAt(server.url, { maxAttempts: 2 });
    await model.generate(ask, options);
    await server.close();
    expect((await errorOf(model.generate(ask, options))).message).toContain("after 2 attempts");
  });

  it("never hold the key, whatever the server says", async () => {
    const apiKey = "sk-0123456789/abc+def";
    const team = "team-4321";
    const said = `${"x".repeat(290)}${apiKey} ${encodeURIComponent(apiKey)} Bearer ${apiKey} ${team}`;
    for (const [status, body] of [
      [401, JSON.stringify({ error: { message: said } })],
      [401, JSON.stringify({ error: { message: `Wrong key: ${apiKey}` } })],
      [500, `<html>${said}</html>`],
      [200, `<html>${said.slice(280)}</html>`],
      [200, JSON.stringify({ error: said.slice(280) })],
      [200, JSON.stringify(toChat({ content: "4" }, apiKey))],
      [200, JSON.stringify(toChat({ content: "4" }, said.slice(5)))],
    ] as const) {
      const server = await serve((_, response) => response.writeHead(status).end(body));
      const settings = { apiKey, headers: { "x-team": team }, maxAttempts: 2 };
      const model = modelAt(server.url, settings);
      const error = await errorOf(model.generate(ask, options));
      const all = JSON.stringify([error.message, error.hint, error.stack, String(error.cause), model]);
      expect(all).toContain("[redacted]");
      expect(all).not.toMatch(/sk-|abc|4321/);
    }
  });
});

describe("aborting", () => {
  const silent = (): Promise<ReplyServer> => serve(() => {});

  async function abortedAfter(model: OpenAIModel, ms: number): Promise<RrrError> {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), ms);
    const started = performance.now();
    const error = await errorOf(model.generate(ask, { ...options, n: 3, signal: abort.signal }));
    expect(performance.now() - started).toBeLessThan(ms + 2_000);
    return error;
  }

  it("works while an answer is waited for, and while a slot is", async () => {
    const server = await silent();
    expect((await abortedAfter(modelAt(server.url, { concurrency: 1 }), 50)).code).toBe("aborted");
    expect(server.asked.length).toBeLessThanOrEqual(1);
  });

  it("works between two attempts", async () => {
    const server = await serve((_, response) => response.writeHead(429, { "retry-after": "60" }).end());
    expect((await abortedAfter(modelAt(server.url), 200)).code).toBe("aborted");
  });

  it("works before anything is sent", async () => {
    const server = await silent();
    const aborted = modelAt(server.url).generate(ask, { ...options, signal: AbortSignal.abort("enough") });
    expect(await errorOf(aborted)).toMatchObject({ code: "aborted", cause: "enough" });
    expect(server.asked).toEqual([]);
  });

  it("is what closing does", async () => {
    const server = await silent();
    const model = modelAt(server.url);
    const pending = errorOf(model.generate(ask, options));
    await vi.waitFor(() => expect(server.asked).toHaveLength(1));
    await model.close();
    expect((await pending).code).toBe("aborted");
    expect((await errorOf(model.generate(ask, options))).code).toBe("aborted");
  });

  it("is what a failure does to the other completions of its request", async () => {
    let gone = 0;
    const server = await serve((_, response, count) => {
      response.on("close", () => gone++);
      if (count === 3) sendJson(response, 400, { error: { message: "no" } });
    });
    const error = await errorOf(modelAt(server.url).generate(ask, { ...options, n: 3 }));
    expect(error.message).toContain("HTTP 400: no");
    await vi.waitFor(() => expect(gone).toBe(3));
  });
});

describe("concurrency", () => {
  it("keeps to its bound, and asks for less at once while the server is overloaded", async () => {
    let busy = 0;
    let most = 0;
    let refused = 0;
    // Room for 4 at once.
    const server = await serve((_, response) => {
      most = Math.max(most, ++busy);
      const fits = busy <= 4;
      if (!fits) refused++;
      setTimeout(() => {
        busy--;
        if (fits) sendJson(response, 200, toChat({ content: "4" }));
        else sendJson(response, 429, {});
      }, 5);
    });
    const model = modelAt(server.url, { concurrency: 32, backoffMs: 5 });
    const completions = await model.generate(ask, { ...options, n: 400 });
    expect(completions).toHaveLength(400);
    expect(most).toBeGreaterThan(4);
    expect(most).toBeLessThanOrEqual(32);
    // At 32 in flight throughout, seven of eight requests would have been refused.
    expect(refused).toBeLessThan(400);
  });
});

describe("the contract", () => {
  it("holds", async () => {
    const server = await createFaultServer({ plan: () => undefined });
    open.push(server);
    await assertModelConforms(modelAt(server.url));
  });
});
