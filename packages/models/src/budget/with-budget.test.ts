import { setTimeout as sleep } from "node:timers/promises";
import type { Completion, GenerateOptions, Model } from "@rrr/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Budget, createBudget } from "./budget.ts";
import { withBudget } from "./with-budget.ts";

const prompt = [{ role: "user", content: "?".repeat(36) }] as const;
const options: GenerateOptions = { maxTokens: 100, temperature: 0, seed: 1 };
/** What is reserved for a request: 36 bytes, 64 around them, 100 tokens of an answer. */
const MOST = 200;
const USAGE = { prompt: 10, completion: 30 };

/** Answers after a while, and knows how many it answers at once. */
function slow(
  usage: Completion["usage"] | (() => Completion["usage"]) = USAGE,
  delayMs = 2,
): Model & { most: number; asked: number } {
  let now = 0;
  return {
    id: "slow",
    most: 0,
    asked: 0,
    async generate(_, { n = 1 }) {
      this.asked++;
      this.most = Math.max(this.most, ++now);
      await sleep(delayMs);
      now--;
      const used = typeof usage === "function" ? usage() : usage;
      return Array.from(
        { length: n },
        (): Completion => ({ text: "a", finish: "stop", ...(used ? { usage: used } : {}) }),
      );
    },
  };
}

async function askAll(
  model: Model,
  times: number,
): Promise<{ readonly answered: number; readonly codes: readonly string[] }> {
  const all = await Promise.allSettled(Array.from({ length: times }, () => model.generate(prompt, options)));
  const codes = all.flatMap((one) => (one.status === "rejected" ? [one.reason.code as string] : []));
  return { answered: times - codes.length, codes: [...new Set(codes)] };
}

const tokensOf = (budget: Budget): number => budget.spent().promptTokens + budget.spent().completionTokens;

test("without a limit everything passes, and is counted", async () => {
  const budget = createBudget({});
  const model = withBudget(slow(), budget, { input: 1, output: 2 });
  expect(model.id).toBe("slow");
  await model.generate(prompt, { ...options, n: 3 });
  await model.generate(prompt, options);
  expect(budget.spent()).toMatchObject({
    requests: 2,
    estimated: 0,
    promptTokens: 40,
    completionTokens: 120,
  });
  expect(budget.spent().costUsd).toBeCloseTo((40 * 1 + 120 * 2) / 1e6, 12);
});

test("tokens: hundreds at once stay within the limit, and use all but one request's worth of it", async () => {
  const budget = createBudget({ tokens: 4_000 });
  const model = slow();
  const { answered, codes } = await askAll(withBudget(model, budget), 256);
  expect(codes).toEqual(["budget-spent"]);
  expect(model.asked).toBe(answered);
  expect(model.most).toBe(4_000 / MOST);
  expect(tokensOf(budget)).toBeLessThanOrEqual(4_000);
  expect(tokensOf(budget)).toBeGreaterThan(4_000 - MOST);
});

test("whatever requests take, no limit is overshot", async () => {
  const amount = fc.record({ prompt: fc.nat(100), completion: fc.nat(100) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(amount, { minLength: 30, maxLength: 60 }),
      fc.integer({ min: 200, max: 5_000 }),
      async (usages, tokens) => {
        const budget = createBudget({ tokens, costUsd: tokens / 1e6 });
        let next = 0;
        const model = withBudget(
          slow(() => usages[next++], 0),
          budget,
          { input: 1, output: 1 },
        );
        await askAll(model, usages.length);
        expect(tokensOf(budget)).toBeLessThanOrEqual(tokens);
      },
    ),
    { numRuns: 30 },
  );
});

test("cost: counted with each model's own price, by all who share the budget", async () => {
  const budget = createBudget({ costUsd: 0.012 });
  const cheap = withBudget(slow(), budget, { input: 1, output: 1 });
  const dear = withBudget(slow(), budget, { input: 10, output: 100 });
  await dear.generate(prompt, options);
  expect(budget.spent().costUsd).toBeCloseTo((10 * 10 + 30 * 100) / 1e6, 12);
  await expect(dear.generate(prompt, options)).rejects.toMatchObject({
    code: "budget-spent",
    message:
      "the budget of $0.012 is spent: 40 tokens for $0.0031 used, the next request may take 200 tokens for $0.011",
  });
  await expect(cheap.generate(prompt, options)).rejects.toMatchObject({ code: "budget-spent" });
});

test("a limited cost needs a price; a price of 0 is one", async () => {
  const budget = createBudget({ costUsd: 0.01 });
  expect(() => withBudget(slow(), budget)).toThrow(expect.objectContaining({ code: "bad-argument" }));
  await withBudget(slow(), budget, { input: 0, output: 0 }).generate(prompt, options);
  expect(budget.spent().costUsd).toBe(0);
});

test("the cost is unknown from the first request on that has no price", async () => {
  const budget = createBudget({ tokens: 1_000 });
  await withBudget(slow(), budget).generate(prompt, options);
  expect(budget.spent().costUsd).toBeUndefined();
});

test("time: what is under way is finished and kept, nothing begins after", async () => {
  const budget = createBudget({ timeMs: 300 });
  const model = withBudget(slow(USAGE, 500), budget);
  const begun = model.generate(prompt, options);
  await sleep(320);
  await expect(model.generate(prompt, options)).rejects.toMatchObject({
    code: "budget-spent",
    message: "the time of 0.3 s is over",
  });
  expect(await begun).toMatchObject([{ text: "a" }]);
  expect(budget.spent()).toMatchObject({ requests: 1, promptTokens: 10 });
});

test("a model that does not say what it took is counted at the most that it may have", async () => {
  const budget = createBudget({});
  await withBudget(
    slow(() => undefined),
    budget,
  ).generate(prompt, options);
  expect(budget.spent()).toMatchObject({
    requests: 1,
    estimated: 1,
    promptTokens: 100,
    completionTokens: 100,
  });
});

test("a trainable model's tokens are counted as they are", async () => {
  const tokens = { prompt: new Int32Array(4), ids: new Int32Array(2), logprobs: new Float32Array(2) };
  const policy: Model = { id: "p", generate: async () => [{ text: "a", finish: "stop", tokens }] };
  const budget = createBudget({});
  await withBudget(policy, budget).generate(prompt, options);
  expect(budget.spent()).toMatchObject({ estimated: 0, promptTokens: 4, completionTokens: 2 });
});

test("a failed request gives back its room", async () => {
  const budget = createBudget({ tokens: MOST });
  const broken = withBudget({ id: "b", generate: () => Promise.reject(new Error("reset")) }, budget);
  await expect(broken.generate(prompt, options)).rejects.toThrow("reset");
  await expect(broken.generate(prompt, options)).rejects.toThrow("reset");
  expect(tokensOf(budget)).toBe(0);
});

test("who is aborted while waiting leaves, and those behind move up", async () => {
  const budget = createBudget({ tokens: 2 * MOST });
  const model = slow(USAGE, 300);
  const limited = withBudget(model, budget);
  const abort = new AbortController();
  const begun = limited.generate(prompt, options);
  const large = limited.generate(prompt, { ...options, maxTokens: 250, signal: abort.signal });
  const small = limited.generate(prompt, options);
  await sleep(1);
  expect(model.asked).toBe(1);
  abort.abort(new Error("enough"));
  await expect(large).rejects.toThrow("enough");
  expect(model.asked).toBe(2);
  await Promise.all([begun, small]);
  await expect(limited.generate(prompt, { ...options, signal: abort.signal })).rejects.toThrow("enough");
});

test("an abort in the moment of admission loses no room", async () => {
  const budget = createBudget({ tokens: MOST });
  const abort = new AbortController();
  const [first, second] = [
    budget.reserve({ promptTokens: 0, completionTokens: MOST, costUsd: 0 }, 1),
    budget.reserve({ promptTokens: 0, completionTokens: MOST, costUsd: 0 }, 1, abort.signal),
  ];
  const reservation = await first;
  reservation.settle({ promptTokens: 0, completionTokens: 0, costUsd: 0 });
  abort.abort(new Error("late"));
  expect(await second).toHaveProperty("settle");
});

test("a budget that no request fits into is said to be too small", async () => {
  const model = withBudget(slow(), createBudget({ tokens: MOST - 1 }));
  await expect(model.generate(prompt, options)).rejects.toMatchObject({
    code: "budget-spent",
    message: "the budget of 199 tokens is too small: 0 tokens used, the next request may take 200 tokens",
  });
});

test.each([{ tokens: 0 }, { tokens: Number.NaN }, { costUsd: -1 }, { timeMs: 0 }])(
  "%j is no budget",
  (limits) => {
    expect(() => createBudget(limits)).toThrow(expect.objectContaining({ code: "bad-argument" }));
  },
);

/** Has so many answers rejected before it gives one, or gives up. */
function rejecting(times: number, usage: Completion["usage"], givesUp = false): Model & { asked: number } {
  return {
    id: "rejecting",
    asked: 0,
    async generate(_, { n = 1, onRejected }) {
      const one = async (): Promise<Completion> => {
        for (let i = 1; i <= times; i++) {
          this.asked++;
          await sleep(1);
          await onRejected?.(usage, !(givesUp && i === times));
        }
        if (givesUp) throw new Error("rejected");
        this.asked++;
        await sleep(1);
        return { text: "a", finish: "stop", usage: USAGE };
      };
      return Promise.all(Array.from({ length: n }, one));
    },
  };
}

test.each([1, 3])("rejected answers cost, and end the budget in time, n = %d", async (n) => {
  const budget = createBudget({ tokens: 10_000 });
  const model = rejecting(1_000, { prompt: 80, completion: 90 });
  const limited = withBudget(model, budget);
  const all = await Promise.allSettled(
    Array.from({ length: 8 }, () => limited.generate(prompt, { ...options, n })),
  );
  expect(all.map((one) => one.status === "rejected" && one.reason.code)).toEqual(
    Array(8).fill("budget-spent"),
  );
  expect(tokensOf(budget)).toBeLessThanOrEqual(10_000);
  expect(tokensOf(budget)).toBeGreaterThan(10_000 - MOST * 8 * n);
});

test("rejected answers are booked, the last of a request that fails too", async () => {
  const budget = createBudget({ tokens: 100_000 });
  const usage = { prompt: 5, completion: 7 };
  await withBudget(rejecting(2, usage), budget).generate(prompt, options);
  expect(tokensOf(budget)).toBe(2 * 12 + 40);
  const failing = withBudget(rejecting(3, usage, true), budget);
  await expect(failing.generate(prompt, options)).rejects.toThrow("rejected");
  expect(tokensOf(budget)).toBe(2 * 12 + 40 + 3 * 12);
  const silent = withBudget(rejecting(1, undefined), budget);
  await silent.generate(prompt, options);
  expect(tokensOf(budget)).toBe(2 * 12 + 40 + 3 * 12 + MOST + 40);
});

test("counts that contradict what came are booked as the most that it may have taken", async () => {
  const budget = createBudget({});
  const zeros = slow({ prompt: 9, completion: 1, estimated: true, contradicts: "completion_tokens is 0" });
  await withBudget(zeros, budget).generate(prompt, options);
  const more = slow({ prompt: 10, completion: 80, contradicts: "total_tokens is 90" });
  await withBudget(more, budget).generate(prompt, options);
  expect(tokensOf(budget)).toBe(MOST + 90);
});
