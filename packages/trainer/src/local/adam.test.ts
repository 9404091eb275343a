import { expect, test } from "vitest";
import { adamStep, l2Norm } from "./adam.ts";

const start = () => ({ step: 0, mean: new Float32Array(2), square: new Float32Array(2) });

test("two steps come out as the algorithm says, computed by hand", () => {
  const weights = Float32Array.of(1, -2);
  const state = start();
  const settings = { learningRate: 0.1, beta1: 0.5, beta2: 0.75, epsilon: 0 };
  adamStep(weights, Float32Array.of(4, -0.5), 1, state, settings, []);
  // The first step is the learning rate against the sign: m̂ = g, v̂ = g².
  expect(weights[0]).toBeCloseTo(0.9, 6);
  expect(weights[1]).toBeCloseTo(-1.9, 6);
  adamStep(weights, Float32Array.of(-2, -0.5), 1, state, settings, []);
  // m = (0.5·2 − 0.5·2) = 0 for the first weight; unchanged direction for the second.
  expect(weights[0]).toBeCloseTo(0.9, 6);
  expect(weights[1]).toBeCloseTo(-1.8, 6);
  expect(state.step).toBe(2);
});

test("a gradient above the norm is scaled down to it, one below is left alone", () => {
  const clipped = start();
  adamStep(new Float32Array(2), Float32Array.of(3, 4), 5, clipped, { learningRate: 1, maxGradNorm: 1 }, []);
  expect(clipped.mean[0]).toBeCloseTo(0.1 * 0.6, 6);
  // 0 is no norm to scale down to: it turns clipping off.
  for (const maxGradNorm of [6, 0]) {
    const whole = start();
    adamStep(new Float32Array(2), Float32Array.of(3, 4), 5, whole, { learningRate: 1, maxGradNorm }, []);
    expect(whole.mean[0]).toBeCloseTo(0.3, 6);
  }
});

test("decay shrinks what it applies to, without passing through the moments", () => {
  const weights = Float32Array.of(2, 2);
  const state = start();
  adamStep(weights, new Float32Array(2), 0, state, { learningRate: 0.1, weightDecay: 0.5 }, [[1, 2]]);
  expect([...weights]).toEqual([2, Math.fround(1.9)]);
  expect([...state.mean, ...state.square]).toEqual([0, 0, 0, 0]);
});

test("the norm is that of all elements, and not finite if one is not", () => {
  expect(l2Norm(Float32Array.of(3, 4, 12))).toBe(13);
  expect(l2Norm(Float32Array.of(3, Number.NaN))).toBeNaN();
  expect(l2Norm(Float32Array.of(3, Number.NEGATIVE_INFINITY))).toBe(Number.POSITIVE_INFINITY);
});
