import type { Message, RrrError } from "@rrr/core";
import { assertModelConforms } from "@rrr/core/testing";
import { createFaultServer } from "@rrr/models/testing";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { type ReplyServer, sendJson, toChat } from "../../test/reply-server.ts";
import { errorOf, modelAt, serve, serveAnswers } from "../../test/serve.ts";
import type { OpenAIModel } from "./openai-model.ts";

const ask: readonly Message[] = [
  { role: "system", content: "Be short." },
  { role: "user", content: "2 + 2?" },
];
const options = { maxTokens: 16, temperature: 0.5, seed: 7 };

afterEach(() => vi.unstubAllEnvs());

describe("what is sent", () => {
  it("is one request for each completion, with a seed of its own", async () => {
    const server = await serveAnswers();
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
    const server = await serveAnswers();
    const tools = [{ name: "f", description: "F.", parameters: { type: "object" } }];
    await modelAt(server.url).generate([{ role: "user", content: "Go.", tools }], options);
    expect(server.asked[0]?.body).toMatchObject({
      messages: [{ role: "user", content: "Go." }],
      tools: [{ type: "function", function: tools[0] }],
    });
  });

  it("calls tools by names that servers accept, and gives calls back by their own", async () => {
    const called = (name: string): object => ({
      type: "function",
      function: { name, arguments: '{"n": 1}' },
    });
    const message = { role: "assistant", content: null, tool_calls: ["math_f", "ok", "math.f"].map(called) };
    const server = await serve((_, response) =>
      sendJson(response, 200, { choices: [{ message, finish_reason: "tool_calls" }] }),
    );
    const tools = ["math.f", "ok"].map((name) => ({ name, parameters: { type: "object" } }));
    const [completion] = await modelAt(server.url).generate(
      [{ role: "user", content: "Go.", tools }],
      options,
    );
    const sent = server.asked[0]?.body.tools as readonly { readonly function: { readonly name: string } }[];
    expect(sent.map((tool) => tool.function.name)).toEqual(["math_f", "ok"]);
    expect(JSON.parse(completion?.text ?? "").map(({ name }: { name: string }) => name)).toEqual([
      "math.f",
      "ok",
      "math.f",
    ]);
  });

  it("has no list of tools where none are on offer", async () => {
    const server = await serveAnswers();
    await modelAt(server.url).generate([{ role: "user", content: "Go.", tools: [] }], options);
    expect(server.asked[0]?.body).not.toHaveProperty("tools");
  });

  it("takes fields of the user's, and leaves out ours where he says so", async () => {
    const server = await serveAnswers();
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
    const server = await serveAnswers();
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
    onTestFinished(() => server.close());
    const [completion] = await modelAt(server.url, { stream: true }).generate(ask, options);
    expect(completion).toMatchObject({ finish: "stop", usage: { prompt: 20, completion: 10 } });
    expect(completion?.text).toMatch(/^right: 2 \+ 2\? \(seed \d+\)$/);
    expect(JSON.parse([...server.served.keys()][0] ?? "")).toMatchObject({
      stream: true,
      stream_options: { include_usage: true },
    });
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
    onTestFinished(() => server.close());
    await assertModelConforms(modelAt(server.url));
  });
});
