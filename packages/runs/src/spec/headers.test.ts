import { expect, onTestFinished, test, vi } from "vitest";
import { isSecretHeader, keptHeaders, sentHeaders } from "./headers.ts";
import { type RunRequest, toRunSpec } from "./to-run-spec.ts";

test.each([
  ["x-team", "blue"],
  ["anthropic-version", "2023-06-01"],
  ["HTTP-Referer", "https://example.com/my-app"],
  ["X-Title", "My evaluation, v2"],
  ["x-route", "eu-west-1"],
])("%s: %s is kept", (name, value) => {
  expect(isSecretHeader(name, value)).toBe(false);
});

test.each([
  ["authorization", "blue"],
  ["X-API-Key", "blue"],
  ["cookie", "a=b"],
  ["x-auth-token", "x"],
  ["x-goog-credential", "x"],
  ["x-team", "sk-abcdefgh"],
  ["x-custom", "hunter2hunter2"],
  ["x-custom", "0f3c9a77-1b2c-4d5e-8f90-a1b2c3d4e5f6"],
  ["x-custom", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"],
  ["x-custom", "correcthorsebatterystaple"],
  ["x-custom", "123456789012"],
  ["x-upstream", "https://user:pass@example.com/"],
  ["x-custom", "word ".repeat(60)],
])("%s: %s is not", (name, value) => {
  expect(isSecretHeader(name, value)).toBe(true);
  expect(keptHeaders({ [name]: value })).toEqual({ [name.toLowerCase()]: null });
});

test("a resumed run sends what the run was begun with, or says what it lacks", () => {
  const kept = { "x-team": "blue", "x-api-key": null };
  const both = { "x-team": "blue", "x-api-key": "k" };
  expect(sentHeaders(kept, { "X-API-Key": "k" })).toEqual(both);
  expect(sentHeaders(kept, { "x-team": "blue", "x-api-key": "k" })).toEqual(both);
  expect(sentHeaders(undefined, {})).toEqual({});
  for (const [given, message] of [
    [{}, "header x-api-key: its value may be a secret and was not kept"],
    [{ "x-api-key": "k", "x-team": "red" }, "header x-team: the run was begun with another value"],
    [{ "x-api-key": "k", "x-other": "1" }, "header x-other: the run was begun without it"],
  ] as const) {
    expect(() => sentHeaders(kept, given)).toThrow(
      expect.objectContaining({ code: "bad-argument", message }),
    );
  }
});

const specOf = (model: object, evaluation: object = {}) =>
  toRunSpec(
    { task: "countdown", model, plan: { kind: "evaluate", evaluation } } as unknown as RunRequest,
    "/",
  );

test("a spec has how a server is asked, and no secret", () => {
  const { model } = specOf({
    ...{ name: "openai:m", reasoningEffort: "low", timeoutMs: 5, stream: true },
    headers: { "X-Team": "blue", "X-Key": "abc" },
    body: { seed: null, top_p: 0.9 },
  });
  expect(model).toEqual({
    ...{ name: "openai:m", reasoningEffort: "low", timeoutMs: 5, stream: true },
    headers: { "x-team": "blue", "x-key": null },
    body: { seed: null, top_p: 0.9 },
  });
});

test("the environment's server is in the spec, unless another one is named", () => {
  vi.stubEnv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1");
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(specOf({ name: "openai:m" }).model.baseUrl).toBe("http://127.0.0.1:1/v1");
  expect(specOf({ name: "openai:m", baseUrl: "http://h/v1" }).model.baseUrl).toBe("http://h/v1");
  expect(specOf({ name: "builtin" }).model).toEqual({ name: "builtin" });
  vi.stubEnv("OPENAI_BASE_URL", "");
  expect(specOf({ name: "openai:m" }).model).toEqual({ name: "openai:m" });
});

test.each([
  [{ body: { model: "other" } }, 'model.body cannot have a field "model" of its own'],
  [{ body: { messages: null } }, 'a field "messages"'],
  [{ body: { temperature: 0.5 } }, 'a field "temperature"'],
  [{ body: { max_tokens: 5 } }, 'a field "max_tokens"'],
  [{ body: { stream: true } }, 'a field "stream"'],
  [{ body: [] }, "model.body must be an object"],
  [{ body: { extra: { api_key: "abc" } } }, 'a field "api_key", which looks like a secret'],
  [{ body: { user: "sk-proj-abcdefgh1234" } }, 'a field "user", which looks like a secret'],
  [{ headers: { "a b": "c" } }, 'model.headers: "a b" is no name of a header'],
  [{ headers: { a: null } }, "model.headers: the value of a is no text"],
  [{ headers: "a: b" }, "model.headers must be an object of texts"],
  [{ timeoutMs: 0 }, "model.timeoutMs is 0"],
])("%j is refused by name, without its value", (fields, message) => {
  const ask = () => specOf({ name: "openai:m", ...fields });
  expect(ask).toThrow(
    expect.objectContaining({ code: "bad-argument", message: expect.stringContaining(message) }),
  );
  expect(ask).not.toThrow(/abc/);
});

test("greedy decoding cannot be asked of a server without a temperature", () => {
  const model = { name: "openai:m", body: { temperature: null } };
  expect(() => specOf(model, { greedy: true })).toThrow(/needs the field temperature/);
  expect(specOf(model).model.body).toEqual({ temperature: null });
});
