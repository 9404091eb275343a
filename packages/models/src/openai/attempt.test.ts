import type { Message } from "@rrr/core";
import { describe, expect, it } from "vitest";
import { sendJson, toChat } from "../../test/reply-server.ts";
import { errorOf, modelAt, serve, serveAnswers } from "../../test/serve.ts";

const ask: readonly Message[] = [{ role: "user", content: "2 + 2?" }];
const options = { maxTokens: 16, temperature: 0.5, seed: 7 };

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
    const server = await serveAnswers();
    await server.close();
    const error = await errorOf(modelAt(server.url).generate(ask, options));
    expect(error.message).toContain("ECONNREFUSED");
    expect(error.hint).toMatch(
      /^Is the server running, and is the base URL right\? .*ollama serve.*llama-server.*vllm/,
    );
  });

  it("wait for a server that has been there before", async () => {
    const server = await serveAnswers();
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
