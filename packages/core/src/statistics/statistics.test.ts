import { describe, expect, it } from "vitest";
import { countPairs, mcnemarExact, type PairedCounts, pairedDifference } from "./paired.ts";
import { meanInterval } from "./student.ts";
import { wilson } from "./wilson.ts";

const pairs = (both: number, onlyAfter: number, onlyBefore: number, neither: number): PairedCounts => ({
  both,
  onlyAfter,
  onlyBefore,
  neither,
});

describe("wilson", () => {
  // statsmodels 0.15.0, proportion_confint(successes, trials, method="wilson").
  it.each([
    [0, 10, 0, 0.27753279986288926],
    [1, 10, 0.017876213095072924, 0.40415002679523854],
    [147, 975, 0.1296817699764085, 0.17459780066982544],
    [502, 975, 0.4835043379833801, 0.5461225231785278],
    [10, 10, 0.7224672001371106, 1],
    [81, 263, 0.2552885198782742, 0.36620957698280004],
  ])("%d of %d as statsmodels has it", (successes, trials, low, high) => {
    const estimate = wilson(successes, trials);
    expect(estimate.value).toBe(successes / trials);
    expect(estimate.low).toBeCloseTo(low, 14);
    expect(estimate.high).toBeCloseTo(high, 14);
  });

  it.each([
    [1, 0],
    [-1, 5],
    [6, 5],
    [0.5, 5],
    [Number.NaN, 5],
  ])("refuses %d of %d", (successes, trials) => {
    expect(() => wilson(successes, trials)).toThrow(`no share of ${successes} successes in ${trials} trials`);
  });
});

describe("mcnemarExact", () => {
  // statsmodels 0.15.0, mcnemar(table, exact=True).pvalue.
  it.each([
    [0, 0, 1],
    [3, 3, 1],
    [1, 9, 0.021484375],
    [10, 25, 0.016673847800120715],
    [59, 6, 4.964650327128616e-12],
    [2400, 2600, 0.004883649737517494],
    [4000, 200, 0],
  ])("%d against %d as statsmodels has it", (onlyBefore, onlyAfter, expected) => {
    const p = mcnemarExact(pairs(5, onlyAfter, onlyBefore, 7));
    expect(Math.abs(p - expected)).toBeLessThanOrEqual(1e-11 * expected + 1e-300);
    expect(mcnemarExact(pairs(0, onlyBefore, onlyAfter, 0))).toBe(p);
  });
});

describe("pairedDifference", () => {
  it.each([
    // R package contingencytables, Newcombe_square_and_add_CI_paired_2x2 on Cavo et al. (2012), from its tests.
    [pairs(59, 6, 16, 80), -0.0621, -0.1186, -0.0046],
    // Newcombe (1998), his example table 36, 12, 2, 0 by method 10.
    [pairs(36, 12, 2, 0), 0.2, 0.0569, 0.3404],
  ])("%j as published", (counts, value, low, high) => {
    const estimate = pairedDifference(counts);
    expect(estimate.value).toBeCloseTo(value, 4);
    expect(estimate.low).toBeCloseTo(low, 4);
    expect(estimate.high).toBeCloseTo(high, 4);
  });

  it("changes sign with the order, and stays within −1 and 1", () => {
    for (const counts of [pairs(1, 7, 3, 9), pairs(0, 20, 0, 0), pairs(20, 0, 0, 0), pairs(0, 1, 0, 0)]) {
      const forth = pairedDifference(counts);
      const back = pairedDifference({
        ...counts,
        onlyBefore: counts.onlyAfter,
        onlyAfter: counts.onlyBefore,
      });
      expect(back.low).toBeCloseTo(-forth.high, 12);
      expect(back.high).toBeCloseTo(-forth.low, 12);
      expect(forth.low).toBeGreaterThanOrEqual(-1);
      expect(forth.high).toBeLessThanOrEqual(1);
    }
  });

  it("needs a pair", () => {
    expect(() => pairedDifference(pairs(0, 0, 0, 0))).toThrow("no share of 0 successes in 0 trials");
  });
});

describe("countPairs", () => {
  it("counts each kind", () => {
    const before = [true, true, false, false, false];
    const after = [true, false, true, true, false];
    expect(countPairs(before, after)).toEqual(pairs(1, 2, 1, 1));
    expect(() => countPairs([true], [])).toThrow("paired outcomes differ in length: 1, 0");
  });
});

describe("meanInterval", () => {
  // scipy 1.17.1, stats.t.interval(0.95, n - 1, mean, stats.sem(values)).
  it.each([
    [[0.147, 0.161], 0.154, 0.06505656684677708, 0.24294343315322292],
    [[0.515, 0.498, 0.53], 0.5143333333333333, 0.47456126192866965, 0.554105404737997],
    [[0.1, 0.2, 0.15, 0.3, 0.12], 0.174, 0.0748222095895579, 0.2731777904104421],
    [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11.5], 6.045454545454546, 3.7649888148427535, 8.325920276066338],
  ])("%j as scipy has it", (values, mean, low, high) => {
    const estimate = meanInterval(values);
    expect(estimate?.value).toBeCloseTo(mean, 12);
    expect(estimate?.low).toBeCloseTo(low, 12);
    expect(estimate?.high).toBeCloseTo(high, 12);
  });

  it("knows no interval of one value, and a point where values are alike", () => {
    expect(meanInterval([1])).toBeUndefined();
    expect(meanInterval([2, 2, 2])).toEqual({ value: 2, low: 2, high: 2 });
  });
});
