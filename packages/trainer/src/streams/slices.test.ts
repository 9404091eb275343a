import { expect, test } from "vitest";
import { createSlices } from "./slices.ts";

function holdFor(ms: number): void {
  for (const started = performance.now(); performance.now() - started < ms; );
}

test("much work at once leaves turns to others, and keeps its order", async () => {
  const inTurn = createSlices(10);
  let turns = 0;
  let isDone = false;
  const others = (): void => {
    turns++;
    if (!isDone) setImmediate(others);
  };
  setImmediate(others);
  const began: number[] = [];
  await Promise.all(
    Array.from({ length: 100 }, async (_, i) => {
      await inTurn();
      began.push(i);
      holdFor(2);
    }),
  );
  isDone = true;
  expect(began).toEqual(Array.from({ length: 100 }, (_, i) => i));
  // 200 ms in slices of 10, each of which may end 2 ms late.
  expect(turns).toBeGreaterThan(10);
});

test("little work begins in one turn", async () => {
  const inTurn = createSlices(10_000);
  await inTurn();
  let turns = 0;
  setImmediate(() => turns++);
  await Promise.all(Array.from({ length: 100 }, () => inTurn()));
  expect(turns).toBe(0);
});
