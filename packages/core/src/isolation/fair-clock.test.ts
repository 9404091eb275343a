import { expect, onTestFinished, test } from "vitest";
import { createDeadlines } from "./deadlines.ts";
import { createFairClock, TICK_MS } from "./fair-clock.ts";

function blockFor(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

test("a clock stands still while its thread is blocked", async () => {
  let onTick = (): void => {};
  const clock = createFairClock(() => onTick());
  onTestFinished(clock.stop);
  clock.start();
  blockFor(20 * TICK_MS);
  await new Promise<void>((resolve) => {
    onTick = resolve;
  });
  expect(clock.now()).toBeGreaterThan(0);
  expect(clock.now()).toBeLessThanOrEqual(2 * TICK_MS);
});

test("a deadline is never early, and not called back once it is cancelled", async () => {
  const clock = createFairClock(() => deadlines.check());
  const deadlines = createDeadlines(clock);
  onTestFinished(clock.stop);
  clock.start();
  blockFor(TICK_MS / 2);
  const asked = performance.now();
  let isCalledBack = false;
  const cancel = deadlines.after(30, () => {
    isCalledBack = true;
  });
  cancel();
  await new Promise<void>((resolve) => deadlines.after(60, resolve));
  expect(performance.now() - asked).toBeGreaterThanOrEqual(59);
  expect(isCalledBack).toBe(false);
});
