import { expect, test } from "vitest";
import type { ProbeScore } from "../store/training-rows.ts";
import { trainingLines, trainingOutcome } from "./training-outcome.ts";

function linesOf(measured: number, scores: readonly (readonly [passed: number, errored: number])[]) {
  const probes = scores.map(([passed, errored], i): ProbeScore => ({ step: i, passed, errored, of: 8 }));
  const outcome = trainingOutcome({
    steps: () => [],
    probes: () => probes,
    trainingEnd: () => ({ measured }),
  });
  return outcome === undefined ? undefined : trainingLines(outcome).join("\n");
}

test.each([
  [
    1,
    [
      [2, 0],
      [5, 0],
      [4, 0],
    ],
    "the checkpoint of step 1, the best of 3 by",
    "(5 of 8)",
    false,
  ],
  // A tie shows no difference, and the report does not say that it does.
  [
    0,
    [
      [0, 0],
      [0, 0],
      [0, 0],
    ],
    "the earliest of 3 that are best of 3 by",
    "(0 of 8)",
    false,
  ],
  [
    1,
    [
      [2, 0],
      [5, 0],
      [4, 1],
    ],
    "the checkpoint of step 1, the best of 3 by",
    "(5 of 8)",
    false,
  ],
  // As many, and earlier: it would have been chosen.
  [
    1,
    [
      [4, 1],
      [5, 0],
      [2, 0],
    ],
    "the checkpoint of step 1, the best of 3 by",
    "(5 of 8)",
    true,
  ],
  [
    0,
    [
      [5, 0],
      [0, 8],
      [2, 0],
    ],
    "before training, the best of 3 by",
    "(5 of 8)",
    true,
  ],
  [
    2,
    [
      [1, 0],
      [0, 0],
      [3, 5],
    ],
    "the checkpoint of step 2, the best of 3 by",
    "(3 of 8, 5 errored)",
    false,
  ],
] as const)("step %d of scores %j", (measured, scores, which, score, isOpen) => {
  const text = linesOf(measured, scores);
  expect(text).toContain(which);
  expect(text).toContain(score);
  expect(text?.includes("could have chosen another")).toBe(isOpen);
});
