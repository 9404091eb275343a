import type { StepFigures } from "@rrr/trainer";
import { expect, test } from "vitest";
import { bestByRetries } from "./best-checkpoint.ts";

const stepOf = (passed: number, i: number): StepFigures => ({
  ...{ step: i + 1, groups: [{ passed, of: 8 }], kept: 1, dropped: 0, reflections: 8, cut: 0, distinct: 8 },
});

test.each([
  ["climbs, then falls", [0, 3, 6], [1, 2, 3, 5, 5, 5, 1, 0, 0], 3],
  ["falls at once", [0, 3], [4, 1, 0, 0, 0], 0],
  ["the one before training was not kept", [3], [4, 1, 0, 0, 0], 3],
  ["of equal ones the earliest", [0, 3], [2, 2, 2, 2, 2, 2], 0],
  ["no step came after the last", [0, 3], [1, 1, 1], 0],
  ["no step at all", [0], [], undefined],
] as const)("%s", (_, checkpoints, passed, best) => {
  expect(bestByRetries(checkpoints, passed.map(stepOf))).toBe(best);
});
