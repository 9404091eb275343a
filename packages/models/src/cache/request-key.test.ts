import fc from "fast-check";
import { expect, test } from "vitest";
import type { ModelIdentity } from "./model-identity.ts";
import { requestKey } from "./request-key.ts";

const fields = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 });
const tool = fc.record({
  name: fc.string(),
  description: fc.string(),
  parameters: fields,
});
const message = fc.record(
  {
    role: fc.constantFrom("system" as const, "user" as const, "assistant" as const),
    content: fc.string({ unit: "binary" }),
    tools: fc.array(tool, { maxLength: 2 }),
  },
  { requiredKeys: ["role", "content"] },
);
/** Every part that is keyed, flat, so that any two of them can be exchanged. */
const parts = fc.record({
  model: fc.string(),
  source: fc.string(),
  settings: fields,
  prompt: fc.array(message, { maxLength: 3 }),
  n: fc.integer({ min: 1 }),
  maxTokens: fc.integer({ min: 1 }),
  temperature: fc.double({ min: 0, max: 2, noNaN: true }).map((value) => value + 0),
  seed: fc.nat(0xffff_ffff),
});
type Parts = typeof parts extends fc.Arbitrary<infer T> ? T : never;

function keyOf({ model, source, settings, prompt, ...options }: Parts): string {
  const identity: ModelIdentity = { model, source, settings };
  return requestKey(identity, prompt, options);
}

test("a change of any part is a change of the key, and nothing else is", () => {
  fc.assert(
    fc.property(parts, parts, (a, b) => {
      expect(keyOf(structuredClone(a))).toBe(keyOf(a));
      for (const part of Object.keys(a) as (keyof Parts)[]) {
        const changed = { ...a, [part]: b[part] };
        expect(keyOf(changed) === keyOf(a)).toBe(JSON.stringify(a[part]) === JSON.stringify(b[part]));
      }
    }),
  );
});

test("a single character, role, tool or field of a tool's schema is a change", () => {
  const tools = [{ name: "add", parameters: { type: "object", properties: { a: {}, b: {} } } }];
  const options = { maxTokens: 8, temperature: 0, seed: 1 };
  const identity = { model: "m", source: "https://a/v1" };
  const keys = [
    [{ role: "user", content: "ab" }],
    [{ role: "user", content: "ab " }],
    [{ role: "system", content: "ab" }],
    [
      { role: "user", content: "a" },
      { role: "user", content: "b" },
    ],
    [{ role: "user", content: "ab", tools }],
    [{ role: "user", content: "ab", tools: [{ ...tools[0], description: "Adds." }] }],
    [
      {
        role: "user",
        content: "ab",
        tools: [{ ...tools[0], parameters: { properties: { b: {}, a: {} }, type: "object" } }],
      },
    ],
  ].map((prompt) => requestKey(identity, prompt as Parameters<typeof requestKey>[1], options));
  expect(new Set(keys).size).toBe(keys.length);
});

test("a setting that takes a field out is a change, and another one than null", () => {
  const options = { maxTokens: 8, temperature: 0, seed: 1 };
  const keys = [{}, { seed: undefined }, { seed: null }, { temperature: undefined }].map((settings) =>
    requestKey({ model: "m", source: "s", settings }, [], options),
  );
  expect(new Set(keys).size).toBe(4);
});

test("a default that is written out is no change; neither is the signal", () => {
  const options = { maxTokens: 8, temperature: 0, seed: 1 };
  const key = requestKey({ model: "m", source: "s" }, [], options);
  expect(requestKey({ model: "m", source: "s", settings: {} }, [], { ...options, n: 1 })).toBe(key);
  expect(requestKey({ model: "m", source: "s" }, [], { ...options, signal: AbortSignal.abort() })).toBe(key);
});
