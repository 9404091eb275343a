import { describe, expect, it } from "vitest";
import { groupAdvantages } from "./advantages.ts";

describe("groupAdvantages", () => {
  // numpy: (r - r.mean()) / (r.std(ddof=1) + 1e-4), as in TRL's GRPO trainer.
  it.each([
    [
      [1, 0, 0, 0, 0, 0, 0, 0],
      [2.474173932086831, ...new Array<number>(7).fill(-0.35345341886954723)],
    ],
    [
      [1, 1, 0, 0],
      [0.8658754297607016, 0.8658754297607016, -0.8658754297607016, -0.8658754297607016],
    ],
    [
      [1, 0],
      [0.7070067953266834, -0.7070067953266834],
    ],
  ])("of %j as numpy has them", (rewards, expected) => {
    const advantages = groupAdvantages(rewards);
    for (const [g, advantage] of expected.entries()) expect(advantages?.[g]).toBeCloseTo(advantage, 14);
    expect(advantages).toHaveLength(rewards.length);
  });

  it("are plain differences from the mean without a scale", () => {
    expect(groupAdvantages([1, 0, 0, 0], { scale: "none" })).toEqual([0.75, -0.25, -0.25, -0.25]);
  });

  it("compare with the other members when one is left out", () => {
    const advantages = groupAdvantages([1, 0, 0, 1], { scale: "none", baseline: "leave-one-out" });
    const others = [1 / 3, 2 / 3, 2 / 3, 1 / 3];
    for (const [g, mean] of others.entries()) {
      expect(advantages?.[g]).toBeCloseTo(([1, 0, 0, 1][g] ?? Number.NaN) - mean, 12);
    }
  });

  it.each([[[]], [[1]], [[0, 0, 0]], [[1, 1]]])("are undefined for %j: no signal", (rewards) => {
    expect(groupAdvantages(rewards)).toBeUndefined();
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])("refuse a reward of %d", (reward) => {
    expect(() => groupAdvantages([0, reward])).toThrow(`a reward must be finite, got ${reward}`);
  });
});
