import fc from "fast-check";
import { expect, test } from "vitest";
import { inOrder } from "./in-order.ts";

const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

async function collect<T>(from: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of from) all.push(value);
  return all;
}

test("results come in the order of the items, whatever finishes first, and never more than the window runs", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(3), { maxLength: 20 }),
      fc.integer({ min: 1, max: 6 }),
      async (delays, window) => {
        let running = 0;
        let most = 0;
        const results = await collect(
          inOrder(delays, window, undefined, async (delay, index) => {
            most = Math.max(most, ++running);
            await after(delay);
            running--;
            return index;
          }),
        );
        expect(results).toEqual(delays.map((_, index) => index));
        expect(most).toBeLessThanOrEqual(window);
      },
    ),
    { numRuns: 30 },
  );
});

test("when the consumer stops, an endless source is let go and the rest is aborted", async () => {
  let drawn = 0;
  let aborted = 0;
  let closed = false;
  function* endless(): Generator<number> {
    try {
      for (;;) yield drawn++;
    } finally {
      closed = true;
    }
  }
  for await (const value of inOrder(endless(), 4, undefined, async (item, _, signal) => {
    signal.addEventListener("abort", () => aborted++);
    await after(1);
    return item;
  })) {
    if (value === 2) break;
  }
  expect(drawn).toBe(6);
  expect(aborted).toBe(6);
  expect(closed).toBe(true);
});

test("what work throws is thrown in its turn, and nothing is left running", async () => {
  const finished: number[] = [];
  const results: number[] = [];
  const consume = async () => {
    for await (const value of inOrder([30, 1, 20], 3, undefined, async (delay) => {
      await after(delay);
      finished.push(delay);
      if (delay === 1) throw new Error("one");
      return delay;
    })) {
      results.push(value);
    }
  };
  await expect(consume()).rejects.toThrow("one");
  expect(results).toEqual([30]);
  expect(finished.sort()).toEqual([1, 20, 30]);
});

test("a caller's abort ends it", async () => {
  const signal = AbortSignal.abort();
  const results = inOrder([1], 1, signal, async (item) => item);
  await expect(results.next()).rejects.toMatchObject({ code: "aborted" });
});
