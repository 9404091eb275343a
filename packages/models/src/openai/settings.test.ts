import { expect, it } from "vitest";
import { createOpenAIModel } from "./openai-model.ts";
import { type OpenAIModelSettings, resolveSettings } from "./settings.ts";

const local = { model: "m", baseURL: "http://127.0.0.1:1/v1" };

it.each<[string, OpenAIModelSettings, string]>([
  ["no name", { ...local, model: "" }, "the model's name is empty"],
  ["a base URL that is none", { ...local, baseURL: "localhost" }, '"localhost" is no http or https URL'],
  ["another protocol", { ...local, baseURL: "ftp://localhost" }, '"ftp://localhost" is no http or https URL'],
  [
    "a key within the URL",
    { ...local, baseURL: "http://user:secret@localhost/v1" },
    "base URL http://localhost/v1 has more than host and path",
  ],
  [
    "a key in the query",
    { ...local, baseURL: "http://localhost/v1?key=secret" },
    "base URL http://localhost/v1 has more than host and path",
  ],
  [
    "a malformed URL with a key",
    { ...local, baseURL: "http//u:secret@h?key=secret" },
    '"…@h?…" is no http or https URL',
  ],
  [
    "a key with a line break",
    { ...local, apiKey: "secret\n" },
    "the API key is empty, or has a line break or another character that no header may have",
  ],
  [
    "a header that is empty",
    { ...local, headers: { "X-Team": "" } },
    "header X-Team is empty, or has a line break or another character that no header may have",
  ],
  [
    "no request at once",
    { ...local, concurrency: 0 },
    "concurrency is 0: it must be a whole number from 1 to 2147483647",
  ],
  [
    "a deadline beyond what timers take",
    { ...local, timeoutMs: 2 ** 31 },
    "timeoutMs is 2147483648: it must be a whole number from 1 to 2147483647",
  ],
  [
    "half an attempt",
    { ...local, maxAttempts: 0.5 },
    "maxAttempts is 0.5: it must be a whole number from 1 to 2147483647",
  ],
])("refuses %s", (_, settings, message) => {
  expect(() => createOpenAIModel(settings)).toThrow(
    expect.objectContaining({ code: "bad-argument", message }),
  );
  try {
    createOpenAIModel(settings);
  } catch (error) {
    expect(String(error)).not.toContain("secret");
  }
});

it("wants a key for OpenAI's own server", () => {
  const before = process.env.OPENAI_API_KEY;
  delete process.env.OPENAI_API_KEY;
  expect(() => createOpenAIModel({ model: "m" })).toThrow("no API key for https://api.openai.com/v1");
  if (before !== undefined) process.env.OPENAI_API_KEY = before;
});

it("names the server in an id, unless it is OpenAI's own", () => {
  expect(createOpenAIModel({ ...local, baseURL: "http://127.0.0.1:1/v1/" }).id).toBe(
    "openai:m@http://127.0.0.1:1/v1",
  );
  expect(createOpenAIModel({ model: "m", apiKey: "k" }).id).toBe("openai:m");
});

it("has defaults for a long evaluation", () => {
  expect(resolveSettings({ ...local, apiKey: "k" })).toEqual({
    ...local,
    apiKey: "k",
    headers: {},
    body: {},
    maxTokensField: "max_tokens",
    stream: false,
    concurrency: 64,
    maxAttempts: 10,
    timeoutMs: 600_000,
    stallTimeoutMs: 60_000,
    backoffMs: 500,
    maxWaitMs: 60_000,
  });
});
