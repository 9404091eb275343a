import type { WireDatum } from "@rrr/tinker-protocol";
import { expect, test } from "vitest";
import { datumLoss, LOSSES } from "./loss.ts";

const floats = (...data: number[]) => ({ kind: "floats", data: Float32Array.from(data) }) as const;
const datum: WireDatum = {
  tokens: Int32Array.of(1, 2, 3, 4),
  inputs: {
    weights: floats(0, 1, 0.5, 1),
    advantages: floats(0, 1, -2, 0.5),
    logprobs: floats(0, -2, -1, -3),
  },
};

// Of cispo, whose bounded ratio counts as a constant, the slope is no derivative.
test.each(LOSSES.filter((name) => name !== "cispo"))("%s: the slopes are those of the loss", (name) => {
  const at = [-1, -1.9, -1.5, -2.4];
  const lossAt = (logprobs: readonly number[]): number =>
    datumLoss(name, {}, datum, Float32Array.from(logprobs)).loss;
  const { slopes } = datumLoss(name, {}, datum, Float32Array.from(at));
  const h = 2 ** -10;
  slopes.forEach((slope, t) => {
    const moved = (by: number): number[] => at.map((value, i) => (i === t ? value + by : value));
    expect((lossAt(moved(h)) - lossAt(moved(-h))) / (2 * h)).toBeCloseTo(slope, 3);
  });
});

test("ppo leaves a token that moved far enough, cispo bounds what it counts", () => {
  const far = Float32Array.of(-1, -1, -1, -1);
  // Ratios e, 1 and e²; the first target's advantage is positive, and so is the last one's.
  expect([...datumLoss("ppo", {}, datum, far).slopes]).toEqual([0, 0, 1, 0]);
  const cispo = datumLoss("cispo", { clip_high_threshold: 1.5 }, datum, far).slopes;
  expect([...cispo]).toEqual([0, -1.5, 1, -0.75]);
});

test("what is missing or no number is said", () => {
  const bare = { tokens: datum.tokens, inputs: {} };
  expect(() => datumLoss("ppo", {}, bare, new Float32Array(4))).toThrow("loss_fn_inputs has no advantages");
  const infinite = { ...datum, inputs: { ...datum.inputs, logprobs: floats(0, -1e9, 0, 0) } };
  expect(() => datumLoss("importance_sampling", {}, infinite, new Float32Array(4))).toThrow(
    expect.objectContaining({ code: "diverged" }),
  );
});
