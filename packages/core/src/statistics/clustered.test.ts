import { describe, expect, it } from "vitest";
import { createRandom } from "../random.ts";
import { clusteredDifference, clusteredShare } from "./clustered.ts";
import { passAtK } from "./pass-at-k.ts";
import { wilson } from "./wilson.ts";

describe("clusteredShare", () => {
  it("is Wilson's interval where each problem has one sample", () => {
    const values = Array.from({ length: 40 }, (_, i) => (i < 13 ? 1 : 0));
    const { low, high } = wilson(13, 40);
    const estimate = clusteredShare(values);
    expect(estimate.value).toBeCloseTo(0.325, 12);
    expect(estimate.low).toBeCloseTo(low, 12);
    expect(estimate.high).toBeCloseTo(high, 12);
  });

  it("is as wide as one sample a problem where samples of a problem are copies, and narrower where they differ", () => {
    const copies = clusteredShare([1, 1, 0, 0, 1, 0, 1, 0]);
    const mixed = clusteredShare([0.75, 0.5, 0.5, 0.25, 0.5, 0.5, 0.75, 0.25], 32);
    expect(copies.high - copies.low).toBeCloseTo(wilson(4, 8).high - wilson(4, 8).low, 12);
    expect(mixed.high - mixed.low).toBeLessThan(copies.high - copies.low);
  });

  // scipy 1.17.1's t quantiles, statsmodels 0.15.0's proportion_confint(method="wilson") at the effective sample size.
  it.each([
    [[0.75, 0.5, 0.5, 0.25, 0.5, 0.5, 0.75, 0.25], 32, 0.3363088286932747, 0.6636911713067253],
    [[1, 0.75, 0, 0.25, 1, 0, 0, 0.5, 0.25, 1], 40, 0.23402603485972506, 0.7282078497643044],
    [[1, 1, 0, 0, 1, 0, 1, 0], 16, 0.19526213734878534, 0.8047378626512147],
  ])("%j of %d samples as scipy and statsmodels have it", (values, samples, low, high) => {
    const estimate = clusteredShare(values, samples);
    expect(estimate.low).toBeCloseTo(low, 12);
    expect(estimate.high).toBeCloseTo(high, 12);
  });

  it("covers the truth about as often as it says, also for few problems", () => {
    const random = createRandom(5);
    let covered = 0;
    for (let trial = 0; trial < 1_000; trial++) {
      const values = Array.from({ length: 8 }, () => {
        const chance = random.next();
        return Array.from({ length: 4 }, () => random.next() < chance).filter(Boolean).length / 4;
      });
      const { low, high } = clusteredShare(values, 32);
      covered += Number(low <= 0.5 && 0.5 <= high);
    }
    expect(covered).toBeGreaterThan(930);
  });

  it("stays honest where all problems are alike", () => {
    expect(clusteredShare([0, 0, 0, 0])).toEqual(wilson(0, 4));
    expect(clusteredShare([0.5, 0.5]).low).toBeCloseTo(wilson(1, 2).low, 12);
  });

  it.each([[[]], [[1.1]], [[Number.NaN]]])("refuses %j", (values) => {
    expect(() => clusteredShare(values)).toThrow(expect.objectContaining({ code: "bad-argument" }));
  });
});

describe("clusteredDifference", () => {
  // Each measurement has one sample a problem.
  const single = (first: string, second: string) =>
    clusteredDifference([...first].map(Number), [...second].map(Number));

  it("has Newcombe's interval where each problem has one sample", () => {
    const first = "1".repeat(36 + 2) + "0".repeat(12);
    const second = `${"1".repeat(36)}00${"1".repeat(12)}`;
    // Newcombe (1998), his example table 36, 12, 2, 0 by method 10.
    const { difference } = single(first, second);
    expect(difference.value).toBeCloseTo(0.2, 12);
    expect(difference.low).toBeCloseTo(0.0569, 4);
    expect(difference.high).toBeCloseTo(0.3404, 4);
  });

  it("is not sure of what a few problems say, however alike they are", () => {
    for (const value of [0, 0.5, 1]) {
      const { difference } = clusteredDifference([0, 0], [value, value], [8, 8]);
      expect(difference.value).toBe(value);
      expect(difference.high - difference.low).toBeGreaterThan(0.3);
      expect(difference.low).toBeGreaterThanOrEqual(-1);
      expect(difference.high).toBeLessThanOrEqual(1);
    }
  });

  // scipy 1.17.1, stats.permutation_test((differences,), np.sum, permutation_type="samples", n_resamples=np.inf).
  it.each([
    [[0, 0, 0, 0, 0, 0, 0, 0], [1, 1, 1, 1, 1, 1, 1, 1], 0.0078125],
    [[0.5, 0.5, 0, 0.25, 0.75, 0], [1, 0.25, 0.75, 0.25, 1, 0.25], 0.25],
  ])("%j, %j: the permutation test of scipy, exactly", (first, second, p) => {
    expect(clusteredDifference(first, second).p).toBeCloseTo(p, 14);
  });

  it("comes near scipy's exact p where there are too many signs to try them all", () => {
    const differences = [
      ...[0.5, -0.25, 0.75, 0.25, 0.5, 0.25, 0.25, -0.5, 0.75],
      ...[1, 0.25, -0.25, 0.5, 0.25, 0.75, -0.5, 0.25, 0.25],
    ];
    const first = differences.map((value) => Math.max(0, -value));
    const second = differences.map((value) => Math.max(0, value));
    expect(Math.abs(clusteredDifference(first, second).p - 0.0214385986328125)).toBeLessThan(0.004);
  });

  it("shows nothing where nothing differs", () => {
    expect(clusteredDifference([0, 0.5, 1], [0, 0.5, 1])).toMatchObject({ difference: { value: 0 }, p: 1 });
  });

  it.each([
    [[], []],
    [[1], [1, 0]],
    [[2], [1]],
  ])("refuses %j against %j", (first, second) => {
    expect(() => clusteredDifference(first, second)).toThrow(
      expect.objectContaining({ code: "bad-argument" }),
    );
  });
});

describe("passAtK", () => {
  const choose = (n: number, k: number): number =>
    k > n ? 0 : Array.from({ length: k }, (_, i) => (n - i) / (i + 1)).reduce((a, b) => a * b, 1);

  it("is 1 − C(n−c, k) / C(n, k), for every small n, c and k", () => {
    for (let n = 1; n <= 12; n++) {
      for (let c = 0; c <= n; c++) {
        for (let k = 1; k <= n; k++) {
          expect(passAtK(n, c, k)).toBeCloseTo(1 - choose(n - c, k) / choose(n, k), 12);
        }
      }
    }
  });

  it.each([
    [3, 4, 1],
    [3, 1, 4],
    [3, 1, 0],
    [2.5, 1, 1],
  ])("refuses n = %d, c = %d, k = %d", (n, c, k) => {
    expect(() => passAtK(n, c, k)).toThrow(expect.objectContaining({ code: "bad-argument" }));
  });
});
