import { RrrError } from "@rrr/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { asCompleted } from "./as-completed.ts";

const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

async function collect<T>(from: AsyncIterable<T>, into: T[] = []): Promise<T[]> {
  for await (const value of from) into.push(value);
  return into;
}

test("everything comes once, no more than the window runs, and nothing waits for a slow one", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(3), { maxLength: 20 }),
      fc.integer({ min: 1, max: 6 }),
      async (delays, window) => {
        let running = 0;
        let most = 0;
        const results = await collect(
          asCompleted(delays.entries(), window, undefined, async ([index, delay]) => {
            most = Math.max(most, ++running);
            await after(delay);
            running--;
            return index;
          }),
        );
        expect(results.toSorted((a, b) => a - b)).toEqual(delays.map((_, index) => index));
        expect(most).toBeLessThanOrEqual(window);
      },
    ),
    { numRuns: 30 },
  );
  const order = await collect(
    asCompleted([50, 0, 1], 2, undefined, async (delay) => {
      await after(delay);
      return delay;
    }),
  );
  expect(order).toEqual([0, 1, 50]);
});

test("work that takes no time does not run ahead of who takes its results", async () => {
  let started = 0;
  for await (const result of asCompleted(Array(1_000).keys(), 8, undefined, async (input) => {
    started++;
    return input;
  })) {
    for (let turn = 0; turn < 20; turn++) await undefined;
    expect(started).toBeLessThanOrEqual(result + 1 + 8);
  }
  expect(started).toBe(1_000);
});

test("an error aborts the rest; a spent budget lets what is under way come in first", async () => {
  const failing = async (code: "bad-task" | "budget-spent") => {
    const aborted: number[] = [];
    const results: number[] = [];
    const work = async (input: number, signal: AbortSignal): Promise<number> => {
      if (input === 2) throw new RrrError(code, "enough");
      await after(10);
      if (signal.aborted) aborted.push(input);
      return input;
    };
    const run = collect(asCompleted([0, 1, 2, 3, 4, 5], 3, undefined, work), results);
    await expect(run).rejects.toMatchObject({ code });
    return { aborted, results };
  };
  expect(await failing("bad-task")).toEqual({ aborted: [0, 1], results: [] });
  expect(await failing("budget-spent")).toEqual({ aborted: [], results: [0, 1] });
});

test("the caller's abort ends it, and a consumer that stops leaves nothing running", async () => {
  const never = asCompleted([1], 1, AbortSignal.abort(), async (input) => input);
  await expect(collect(never)).rejects.toMatchObject({ code: "aborted" });
  let running = 0;
  for await (const _ of asCompleted(Array(9).keys(), 3, undefined, async (input) => {
    running++;
    await after(input);
    running--;
  })) {
    break;
  }
  expect(running).toBe(0);
});
