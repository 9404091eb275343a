import { setMaxListeners } from "node:events";
import { expect, it } from "vitest";
import { createLimiter, type Limiter, type Slot } from "./limiter.ts";

const never = new AbortController().signal;

/** Takes all slots that there are without waiting. */
async function takeAll(limiter: Limiter, atMost = 100): Promise<Slot[]> {
  const slots: Slot[] = [];
  const enough = new AbortController();
  setMaxListeners(0, enough.signal);
  const waiting = Array.from({ length: atMost }, () =>
    limiter.acquire(enough.signal).then(
      (slot) => slots.push(slot),
      () => {},
    ),
  );
  await new Promise((resolve) => setImmediate(resolve));
  enough.abort();
  await Promise.all(waiting);
  return slots;
}

it("halves its bound once for all that were in flight together", async () => {
  const limiter = createLimiter(32);
  const slots = await takeAll(limiter);
  expect(slots).toHaveLength(32);
  for (const slot of slots) slot.release(true);
  const fewer = await takeAll(limiter);
  expect(fewer).toHaveLength(16);
  for (const slot of fewer) slot.release(true);
  expect(await takeAll(limiter)).toHaveLength(8);
});

it("never goes below one, and comes back by one for each bound's worth of requests", async () => {
  const limiter = createLimiter(4);
  for (let i = 0; i < 10; i++) (await limiter.acquire(never)).release(true);
  for (const slot of await takeAll(limiter)) slot.release(false);
  const bounds: number[] = [];
  for (let round = 0; round < 6; round++) {
    const slots = await takeAll(limiter);
    bounds.push(slots.length);
    for (const slot of slots) slot.release(false);
  }
  expect(bounds[0]).toBeLessThanOrEqual(2);
  expect(bounds).toEqual(bounds.toSorted((a, b) => a - b));
  expect(bounds.at(-1)).toBe(4);
});

it("serves in order, and forgets who gave up", async () => {
  const limiter = createLimiter(1);
  const first = await limiter.acquire(never);
  const order: number[] = [];
  const gone = new AbortController();
  const second = limiter.acquire(gone.signal).catch((reason: unknown) => reason);
  const third = limiter.acquire(never).then(() => order.push(3));
  const fourth = limiter.acquire(never).then(() => order.push(4));
  gone.abort("gone");
  expect(await second).toBe("gone");
  first.release(false);
  await third;
  expect(order).toEqual([3]);
  void fourth;
});
