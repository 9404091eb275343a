import { describe, expect, it } from "vitest";
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
    const mixed = clusteredShare([0.75, 0.5, 0.5, 0.25, 0.5, 0.5, 0.75, 0.25]);
    expect(copies.high - copies.low).toBeCloseTo(wilson(4, 8).high - wilson(4, 8).low, 12);
    expect(mixed.high - mixed.low).toBeLessThan(copies.high - copies.low);
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
  it("has Student's interval and the exact permutation p-value, as nearly as its draws allow", () => {
    // All 2^8 signs by hand: only ±8 differences of one sign each reach the sum 8: p = 2 / 256.
    const { difference, p } = clusteredDifference([1, 1, 1, 1, 1, 1, 1, 1]);
    expect(difference).toEqual({ value: 1, low: 1, high: 1 });
    expect(Math.abs(p - 2 / 256)).toBeLessThan(0.0025);
    const values = [0.5, -0.25, 0.75, 0, 0.5, 0.25];
    // Every pattern of signs, enumerated.
    const told = values.filter((value) => value !== 0);
    let asFar = 0;
    for (let bits = 0; bits < 2 ** told.length; bits++) {
      const sum = told.reduce((total, value, i) => total + ((bits >> i) & 1 ? value : -value), 0);
      if (Math.abs(sum) >= 1.75 - 1e-9) asFar++;
    }
    expect(Math.abs(clusteredDifference(values).p - asFar / 2 ** told.length)).toBeLessThan(0.01);
  });

  it("shows nothing where nothing differs", () => {
    expect(clusteredDifference([0, 0, 0]).p).toBe(1);
    expect(() => clusteredDifference([])).toThrow(expect.objectContaining({ code: "bad-argument" }));
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
