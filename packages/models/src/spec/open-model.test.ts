import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { openModel } from "./open-model.ts";

async function serve(keys: unknown[]): Promise<string> {
  const server = createServer(({ headers }, response) => {
    keys.push(headers.authorization);
    const message = { role: "assistant", content: "4" };
    const usage = { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 };
    response.setHeader("content-type", "application/json");
    response.end(
      JSON.stringify({
        id: "x",
        object: "chat.completion",
        created: 1,
        model: "m",
        choices: [{ index: 0, message, finish_reason: "stop" }],
        usage,
      }),
    );
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

test("a server's model, with the key of the variable that is named", async () => {
  vi.stubEnv("OPENAI_API_KEY", "sk-default");
  vi.stubEnv("OTHER_KEY", "sk-other");
  onTestFinished(() => void vi.unstubAllEnvs());
  const keys: unknown[] = [];
  const baseURL = await serve(keys);
  for (const options of [{ baseURL: `${baseURL}/` }, { baseURL, apiKeyEnv: "OTHER_KEY" }]) {
    const { model, identity, trainable, close } = await openModel({ kind: "openai", name: "m" }, options);
    onTestFinished(close);
    expect({ identity, trainable }).toEqual({
      identity: { model: "m", source: baseURL, settings: {} },
      trainable: false,
    });
    const prompt = [{ role: "user", content: "2 + 2?" }] as const;
    expect(await model.generate(prompt, { maxTokens: 8, temperature: 0, seed: 1 })).toMatchObject([
      { text: "4" },
    ]);
  }
  expect(keys).toEqual(["Bearer sk-default", "Bearer sk-other"]);
});

test.each([
  ["MISSING_KEY", "the environment variable MISSING_KEY is not set"],
  ["sk-proj-123", "the environment variable that --api-key-env names is not set"],
])("a variable that is not set: %s", async (apiKeyEnv, message) => {
  const opened = openModel({ kind: "openai", name: "m" }, { apiKeyEnv });
  await expect(opened).rejects.toMatchObject({ code: "bad-argument", message });
});

test("OpenAI's own server needs a key", async () => {
  vi.stubEnv("OPENAI_API_KEY", "");
  onTestFinished(() => void vi.unstubAllEnvs());
  await expect(openModel({ kind: "openai", name: "m" })).rejects.toMatchObject({ code: "bad-argument" });
});

test("a base URL means nothing to a local model", async () => {
  const opened = openModel({ kind: "transformers", name: "a/b" }, { baseURL: "http://127.0.0.1/v1" });
  await expect(opened).rejects.toMatchObject({ code: "bad-argument" });
});
