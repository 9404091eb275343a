import { expect, test } from "vitest";
import { learningRateAt } from "./schedule.ts";

const rates = (decay: "constant" | "linear" | "cosine") =>
  Array.from({ length: 12 }, (_, step) =>
    learningRateAt({ learningRate: 8, warmup: 1 / 3, decay }, step, 12),
  );

test("rises linearly, then stays or falls towards 0", () => {
  expect(rates("constant")).toEqual([2, 4, 6, 8, 8, 8, 8, 8, 8, 8, 8, 8]);
  expect(rates("linear")).toEqual([2, 4, 6, 8, 8, 7, 6, 5, 4, 3, 2, 1]);
  const cosine = rates("cosine");
  expect(cosine.slice(0, 5)).toEqual([2, 4, 6, 8, 8]);
  expect(cosine[8]).toBeCloseTo(4, 10);
  expect(cosine[11]).toBeCloseTo(4 * (1 + Math.cos((7 / 8) * Math.PI)), 10);
});

test("without a warm-up the first step has the full rate", () => {
  expect(learningRateAt({ learningRate: 1, warmup: 0, decay: "cosine" }, 0, 100)).toBe(1);
  expect(learningRateAt({ learningRate: 1, warmup: 0.03, decay: "constant" }, 0, 5)).toBe(1);
});
