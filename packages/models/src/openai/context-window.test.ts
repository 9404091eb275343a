import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { contextWindow } from "./context-window.ts";

/** A server with these answers by path; others are not found. */
async function serve(answers: Readonly<Record<string, unknown>>): Promise<string> {
  const server = createServer((request, response) => {
    const answer = answers[request.url ?? ""];
    const body = typeof answer === "string" ? answer : JSON.stringify(answer);
    response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" }).end(body);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const listed = (...data: readonly object[]) => ({ "/v1/models": { data } });

test.each([
  ["vLLM", listed({ id: "other", max_model_len: 7 }, { id: "m", max_model_len: 8192 }), 8192],
  ["a gateway", listed({ id: "m", context_length: 200_000 }), 200_000],
  ["one model under another name", listed({ id: "/models/m.gguf", max_model_len: 4096 }), 4096],
  [
    "several, none of this name",
    listed({ id: "a", max_model_len: 7 }, { id: "b", max_model_len: 8 }),
    undefined,
  ],
  [
    "llama.cpp: of a slot, not of the training",
    {
      ...listed({ id: "m", meta: { n_ctx_train: 131_072 } }),
      "/props": { default_generation_settings: { n_ctx: 2048 } },
    },
    2048,
  ],
  ["a list that says nothing", listed({ id: "m" }), undefined],
  [
    "nonsense",
    { "/v1/models": "<html>", "/props": { default_generation_settings: { n_ctx: "many" } } },
    undefined,
  ],
  ["no list", {}, undefined],
])("%s", async (_, answers, length) => {
  expect(await contextWindow({ model: "m", baseURL: `${await serve(answers)}/v1` })).toBe(length);
});

test("a server that is not there is no trouble", async () => {
  expect(await contextWindow({ model: "m", baseURL: "http://127.0.0.1:9/v1" })).toBeUndefined();
});
