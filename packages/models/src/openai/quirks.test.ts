import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { RrrError } from "@rrr/core";
import { createOpenAIModel } from "@rrr/models";
import { expect, it, onTestFinished } from "vitest";
import { sendJson, toChat } from "../../test/reply-server.ts";
import { errorOf, modelAt, serve } from "../../test/serve.ts";

const options = { maxTokens: 16, temperature: 0.5, seed: 7 };
const ask = [{ role: "user", content: "2 + 2?" }] as const;

type Reply = (response: ServerResponse) => void;

const json =
  (body: unknown, status = 200): Reply =>
  (response) =>
    sendJson(response, status, body);
const chat = (message: object, reason?: unknown): Reply => json(toChat(message, reason));
const stream =
  (...events: readonly unknown[]): Reply =>
  (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(`${events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("")}data: [DONE]\n\n`);
  };
const TEXT = (text: string): object => ({ type: "text", text });
const CALL = (args: object): object => ({ index: 0, function: { name: "f", arguments: args } });
const piece = (content: unknown, finish_reason: string | null): object => ({
  choices: [{ index: 0, delta: { content }, finish_reason }],
});

/** What real servers do each time, with what it comes to: an answer, or a refusal that names it. */
const QUIRKS: readonly (readonly [string, Reply, string | RegExp])[] = [
  ["eos", chat({ content: "4" }, "eos"), "4"],
  ["eos_token", chat({ content: "4" }, "eos_token"), "4"],
  ["STOP", chat({ content: "4" }, "STOP"), "4"],
  ["MAX_TOKENS", chat({ content: "4" }, "MAX_TOKENS"), "4"],
  ["parts", chat({ content: [{ type: "text", text: "4" }] }), "4"],
  ["a refusal", chat({ content: null, refusal: "No." }), "No."],
  ["an empty error", json({ ...toChat({ content: "4" }), error: { message: "", code: null } }), "4"],
  [
    "a mark of the byte order",
    (response) => response.end(`\ufeff${JSON.stringify(toChat({ content: "4" }))}`),
    "4",
  ],
  [
    "a stream under another type",
    (response) => response.end(`data: ${JSON.stringify(piece("4", "stop"))}\n\ndata: [DONE]\n\n`),
    "4",
  ],
  [
    "a stream of parts",
    stream(piece([TEXT("4 "), TEXT("is")], null), piece(" it", null), piece([TEXT("!")], "stop")),
    "4 is it!",
  ],
  [
    "a refusal in a stream",
    stream({ choices: [{ delta: { refusal: "No." }, finish_reason: "stop" }] }),
    "No.",
  ],
  ["a stream of two answers", stream({ choices: [{ delta: {} }, { delta: {} }] }), /a stream that was cut/],
  [
    "arguments in pieces that are no text",
    stream({ choices: [{ delta: { tool_calls: [CALL({ a: 1 }), CALL({ b: 2 })] }, finish_reason: "stop" }] }),
    /tool calls are malformed, after 4 attempts/,
  ],
  [
    "a body in gzip",
    (response) =>
      response
        .writeHead(200, { "content-encoding": "gzip" })
        .end(gzipSync(JSON.stringify(toChat({ content: "4" })))),
    /no UTF-8: it is encoded, which was not asked for, after 4 attempts/,
  ],
  ["an empty reason in each piece", stream(piece("4", ""), piece("", "stop"), piece("", "")), "4"],
  ["no reason", chat({ content: "4" }, null), /finish reason null, after 4 attempts/],
  ["an empty reason", chat({ content: "4" }, ""), /finish reason ""$/],
  ["a filter", chat({ content: "" }, "content_filter"), /"content_filter", after 4 attempts/],
  ["another filter", chat({ content: "" }, "SAFETY"), /finish reason "SAFETY"$/],
  ["no choices", json({ choices: [] }), /0 choices where one was asked for, after 4 attempts/],
  ["an error as an answer", json({ error: { message: "odd" } }), /HTTP 500: odd, after 4 attempts/],
  ["a refusal as an answer", json({ error: { message: "bad field", code: 400 } }), /HTTP 400: bad field$/],
  ["a status as text", json({ error: { message: "no key", code: "401" } }), /HTTP 401: no key$/],
  [
    "a request error as an answer",
    json({ error: { message: "bad", type: "invalid_request_error" } }),
    /HTTP 500: bad$/,
  ],
  [
    "an error within the choice",
    json({ choices: [{ error: { message: "lost", code: 404 } }] }),
    /404: lost$/,
  ],
  [
    "an error in a list",
    json([{ error: { message: "Not for you.", code: 403 } }], 403),
    /403: Not for you\.$/,
  ],
  ["a page", (response) => response.end("<html>Hello</html>"), /no JSON: Hello, after 4 attempts/],
  [
    "a template that fails",
    json({ error: { message: "Conversation roles must alternate user/assistant" } }, 500),
    /HTTP 500: Conversation roles must alternate/,
  ],
  [
    "a context that is too small, as 500",
    json({ error: { message: "exceeds the available context size" } }, 500),
    /exceeds/,
  ],
  ["what is not there", json({ detail: "no such route" }, 501), /HTTP 501: no such route$/],
  [
    "a header without end",
    (response) => response.writeHead(200, { "x-long": "x".repeat(2 ** 20) }).end(),
    /Headers Overflow Error/i,
  ],
  [
    "an answer without end",
    (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      const timer = setInterval(() => response.write(`data: ${"x".repeat(2 ** 18)}\n\n`), 1);
      response.on("close", () => clearInterval(timer));
    },
    /an answer of more than 4259840 bytes/,
  ],
  [
    "a redirect",
    (response) => response.writeHead(302, { location: "http://127.0.0.1:1/v1" }).end(),
    /HTTP 302/,
  ],
];

it("what real servers do is read, or refused by its name in less than 10 seconds", async () => {
  const came = await Promise.all(
    QUIRKS.map(async ([name, reply]) => {
      const server = await serve((_, response) => reply(response));
      // As long between two attempts as users wait.
      const model = createOpenAIModel({ model: "m", baseURL: server.url });
      onTestFinished(() => model.close());
      const started = performance.now();
      const outcome = await model.generate(ask, options).then(
        ([completion]) => completion?.text ?? "nothing",
        (error: unknown) => (RrrError.is(error) ? error.message : "an error of another kind"),
      );
      expect(performance.now() - started, name).toBeLessThan(10_000);
      return [name, outcome] as const;
    }),
  );
  for (const [i, [name, outcome]] of came.entries()) {
    const [, , expected] = QUIRKS[i] as (typeof QUIRKS)[number];
    if (typeof expected === "string") expect([name, outcome]).toEqual([name, expected]);
    else expect(outcome, name).toMatch(expected);
  }
}, 30_000);

it("a stream is whole at its [DONE], on a connection that is left open too", async () => {
  const piece = { choices: [{ delta: { content: "data: [DONE]\n4" }, finish_reason: "stop" }] };
  const text = `data: ${JSON.stringify(piece)}\n\ndata: [DONE]\n\n`;
  for (const type of ["text/event-stream", "text/plain"]) {
    for (const cut of [1, 3, 10, text.length]) {
      const server = await serve((_, response) => {
        response.writeHead(200, { "content-type": type }).write(text.slice(0, -cut) || text);
        if (cut < text.length) setTimeout(() => response.write(text.slice(-cut)), 20);
      });
      const started = performance.now();
      const [completion] = await modelAt(server.url, { stream: true, timeoutMs: 5_000 }).generate(
        ask,
        options,
      );
      expect(completion?.text).toBe("data: [DONE]\n4");
      expect(performance.now() - started).toBeLessThan(2_000);
      expect(server.asked).toHaveLength(1);
    }
  }
});

it("a redirect takes no key elsewhere", async () => {
  const elsewhere = await serve((_, response) => sendJson(response, 200, toChat({ content: "4" })));
  for (const status of [301, 302, 303, 307, 308]) {
    const server = await serve((_, response) =>
      response.writeHead(status, { location: `${elsewhere.url}/chat/completions` }).end(),
    );
    const error = await errorOf(modelAt(server.url, { apiKey: "sk-0123456789" }).generate(ask, options));
    expect(error.message).toContain(`HTTP ${status}`);
    expect(server.asked).toHaveLength(1);
  }
  expect(elsewhere.asked).toEqual([]);
});

it("a key that an answer holds is in none that is returned", async () => {
  const apiKey = "sk-0123456789/abc+def";
  const forms = [apiKey, encodeURIComponent(apiKey), Buffer.from(apiKey).toString("base64")];
  for (const form of forms) {
    const message = { content: `It is ${form}.`, reasoning_content: `The key: ${form}` };
    const server = await serve((_, response) => {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(toChat(message)).replace("sk-", "\\u0073k-"));
    });
    const [completion] = await modelAt(server.url, { apiKey }).generate(ask, options);
    expect(completion).toMatchObject({ text: "It is [redacted].", reasoning: "The key: [redacted]" });
  }
});

it.each<[string, Record<string, string>, object, number]>([
  ["in Google's details", {}, { code: 429, message: "Quota.", details: [{ retryDelay: "0.6s" }] }, 600],
  ["in words", {}, { message: "Rate limit reached. Please try again in 550ms." }, 550],
  ["in a header of milliseconds", { "retry-after-ms": "500" }, { message: "Rate limit." }, 500],
])("a delay %s is honoured, and seen in the traffic", async (_, headers, error, ms) => {
  let refusedAt = 0;
  let waitedMs = 0;
  const server = await serve((_, response, count) => {
    if (count > 1) {
      waitedMs = performance.now() - refusedAt;
      return sendJson(response, 200, toChat({ content: "4" }));
    }
    refusedAt = performance.now();
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    sendJson(response, 429, [{ error }]);
  });
  const model = modelAt(server.url);
  expect(model.traffic()).toEqual({ retries: 0, limitedMs: 0, busyMs: 0 });
  await model.generate(ask, options);
  // Timers may be a millisecond early.
  expect(waitedMs).toBeGreaterThanOrEqual(ms - 2);
  expect(model.traffic()).toMatchObject({ retries: 1, problem: expect.stringContaining("HTTP 429") });
  expect(model.traffic().limitedMs).toBeGreaterThanOrEqual(ms - 2);
  expect(model.traffic().busyMs).toBe(0);
});
