import fc from "fast-check";
import { expect, test } from "vitest";
import { pickBatch } from "./pick.ts";

test("goes through the whole list before any of it comes again, each time in another order", () => {
  const sizes = fc.record({
    length: fc.integer({ min: 1, max: 30 }),
    count: fc.integer({ min: 1, max: 70 }),
  });
  fc.assert(
    fc.property(sizes, fc.nat(), ({ length, count }, seed) => {
      const list = Array.from({ length }, (_, i) => i);
      const picks = Array.from({ length: 5 }, (_, step) => pickBatch(list, count, step, seed)).flat();
      expect(picks.length).toBe(5 * count);
      for (let start = 0; start + length <= picks.length; start += length) {
        expect([...picks.slice(start, start + length)].sort((a, b) => a - b)).toEqual(list);
      }
    }),
  );
  const list = Array.from({ length: 50 }, (_, i) => i);
  expect(pickBatch(list, 50, 0, 1)).not.toEqual(pickBatch(list, 50, 1, 1));
  expect(pickBatch(list, 50, 0, 1)).not.toEqual(pickBatch(list, 50, 0, 2));
  expect(pickBatch(list, 50, 3, 1)).toEqual(pickBatch(list, 50, 3, 1));
});
