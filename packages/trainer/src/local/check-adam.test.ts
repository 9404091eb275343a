import { expect, test } from "vitest";
import { checkAdam } from "./check-adam.ts";

test.each([
  { learningRate: 0 },
  { learningRate: 1e-4, beta1: 0, beta2: 0.999, epsilon: 0, weightDecay: 0.01, maxGradNorm: 1 },
])("%o is a step", (settings) => {
  expect(() => checkAdam(settings)).not.toThrow();
});

test.each([
  [{ learningRate: -1 }, "learningRate is -1"],
  [{ learningRate: Number.POSITIVE_INFINITY }, "learningRate is Infinity"],
  [{ learningRate: Number.NaN }, "learningRate is NaN"],
  [{ learningRate: 1, beta1: 1 }, "beta1 is 1"],
  [{ learningRate: 1, beta2: -0.1 }, "beta2 is -0.1"],
  [{ learningRate: 1, epsilon: -1 }, "epsilon is -1"],
  [{ learningRate: 1, weightDecay: -1 }, "weightDecay is -1"],
  [{ learningRate: 1, maxGradNorm: Number.NaN }, "maxGradNorm is NaN"],
  [{ learningRate: 1, clip: 1 }, 'optimStep has no setting "clip"'],
])("%o is none", (settings, message) => {
  expect(() => checkAdam(settings)).toThrow(
    expect.objectContaining({ code: "bad-argument", message: expect.stringContaining(message) }),
  );
});
