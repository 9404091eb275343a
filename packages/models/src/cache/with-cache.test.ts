import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Completion, GenerateOptions, Model } from "@rrr/core";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { newFolder } from "../../test/new-folder.ts";
import { openResponseCache, type ResponseCache } from "./response-cache.ts";
import { withCache } from "./with-cache.ts";

const prompt = [{ role: "user", content: "?" }] as const;
const options: GenerateOptions = { maxTokens: 8, temperature: 1, seed: 1 };
const identity = { model: "m", source: "test" };

let cache: ResponseCache;
beforeEach(async () => {
  cache = await openResponseCache({ path: join(newFolder(), "cache.db") });
  onTestFinished(() => cache.close());
});

/** Every completion is a new one; requests end when they are let go. */
function counting(
  delayMs = 0,
  extra: Partial<Completion> = {},
): Model & { readonly requests: GenerateOptions[] } {
  const requests: GenerateOptions[] = [];
  let drawn = 0;
  return {
    id: "counting",
    requests,
    async generate(_, asked) {
      requests.push(asked);
      await sleep(delayMs, undefined, asked.signal ? { signal: asked.signal } : {});
      return Array.from(
        { length: asked.n ?? 1 },
        (): Completion => ({ text: `${drawn++}`, finish: "stop", ...extra }),
      );
    },
  };
}

test("a hit is the whole completion, for every sample its own", async () => {
  const model = counting(0, { finish: "length", usage: { prompt: 5, completion: 3 }, reasoning: "Hm." });
  const cached = withCache(model, cache, identity);
  const first = await cached.generate(prompt, { ...options, n: 3 });
  expect(first.map(({ text }) => text)).toEqual(["0", "1", "2"]);
  expect(await cached.generate(prompt, { ...options, n: 3 })).toEqual(
    first.map((completion) => ({ ...completion, cached: true })),
  );
  expect(model.requests).toHaveLength(1);
  expect(cache.served()).toEqual({ completions: 3, promptTokens: 15, completionTokens: 9 });
});

test.each([
  ["seed", { ...options, seed: 2 }],
  ["temperature", { ...options, temperature: 0 }],
  ["token limit", { ...options, maxTokens: 9 }],
  ["number of samples", { ...options, n: 2 }],
])("another %s is another request", async (_, other) => {
  const model = counting();
  const cached = withCache(model, cache, identity);
  const texts = [await cached.generate(prompt, options), await cached.generate(prompt, other)].flat();
  expect(new Set(texts.map(({ text }) => text)).size).toBe(texts.length);
  expect(model.requests).toHaveLength(2);
});

test("a trainable model's tokens are counted and left out, on a miss as on a hit", async () => {
  const tokens = { prompt: new Int32Array(4), ids: new Int32Array(2), logprobs: new Float32Array(2) };
  const cached = withCache(counting(0, { tokens }), cache, identity);
  const expected = [{ text: "0", finish: "stop", usage: { prompt: 4, completion: 2 } }];
  expect(await cached.generate(prompt, options)).toEqual(expected);
  expect(await cached.generate(prompt, options)).toEqual(expected.map((each) => ({ ...each, cached: true })));
});

test("the same request made many times at once is asked once", async () => {
  const model = counting(20);
  const cached = withCache(model, cache, identity);
  const { signal } = new AbortController();
  const all = await Promise.all(
    Array.from({ length: 50 }, (_, i) => cached.generate(prompt, i % 2 ? options : { ...options, signal })),
  );
  expect(model.requests).toHaveLength(1);
  expect(new Set(all.map(([completion]) => completion?.text))).toEqual(new Set(["0"]));
});

test("one of two who asked is aborted: the other is answered", async () => {
  const model = counting(30);
  const cached = withCache(model, cache, identity);
  const abort = new AbortController();
  const first = cached.generate(prompt, { ...options, signal: abort.signal });
  const second = cached.generate(prompt, options);
  abort.abort(new Error("enough"));
  await expect(first).rejects.toThrow("enough");
  expect(await second).toMatchObject([{ text: "0" }]);
});

test("all who asked are aborted: so is the request, and the next one is a new one", async () => {
  const model = counting(30);
  const cached = withCache(model, cache, identity);
  const abort = new AbortController();
  const asked = [0, 1].map(() => cached.generate(prompt, { ...options, signal: abort.signal }));
  abort.abort(new Error("enough"));
  for (const request of asked) await expect(request).rejects.toThrow("enough");
  expect(model.requests[0]?.signal?.aborted).toBe(true);
  expect(await cached.generate(prompt, options)).toMatchObject([{ text: "0" }]);
  expect(model.requests).toHaveLength(2);
});

test("a failure, and too few completions, are not kept", async () => {
  let call = 0;
  const cached = withCache(
    {
      id: "m",
      async generate() {
        if (++call === 1) throw new Error("reset");
        return call === 2 ? [] : [{ text: "at last", finish: "stop" }];
      },
    },
    cache,
    identity,
  );
  await expect(cached.generate(prompt, options)).rejects.toThrow("reset");
  expect(await cached.generate(prompt, options)).toEqual([]);
  expect(await cached.generate(prompt, options)).toMatchObject([{ text: "at last" }]);
  expect(await cached.generate(prompt, options)).toMatchObject([{ text: "at last" }]);
  expect(call).toBe(3);
});
