import { describe, expect, it } from "vitest";
import { createRandom, deriveKey, uniformAt } from "./random.ts";

/** Chi-squared statistic of counts that should all be alike. */
function chiSquared(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** How many of N values in [0, 1) fall into each of 100 equal bins. */
function histogram(value: (i: number) => number): number[] {
  const counts = new Array<number>(100).fill(0);
  for (let i = 0; i < N; i++) {
    const bin = Math.floor(value(i) * 100);
    counts[bin] = (counts[bin] as number) + 1;
  }
  return counts;
}

/** The 0.999 quantile of chi-squared with 99 degrees of freedom, by scipy.stats.chi2.ppf 1.17.1. */
const CHI2_99 = 148.23;
const N = 100_000;

describe("uniformAt", () => {
  it("gives the numbers that it always gave", () => {
    expect([0, 1, 2].map((index) => uniformAt(deriveKey(42, "golden"), index))).toEqual([
      0.9828331785626939, 0.25827644469418065, 0.7903087875070524,
    ]);
    expect([deriveKey(0), deriveKey(1, "a"), deriveKey(1, "a", 2)]).toEqual([
      862884380, 3050103151, 194459185,
    ]);
  });

  it("is an odd multiple of 2^-53, so that neither end of (0, 1) can be reached by rounding", () => {
    const numbers = Array.from({ length: N }, (_, index) => uniformAt(7, index));
    expect(numbers.filter((u) => u <= 0 || u >= 1 || (u * 2 ** 53) % 2 !== 1)).toEqual([]);
  });

  it.each([0, 1, 2, 0xffffffff])("is uniform along the stream of key %d", (key) => {
    const counts = histogram((i) => uniformAt(key, i));
    expect(chiSquared(counts)).toBeLessThan(CHI2_99);
  });

  it("is uniform across the streams of neighbouring keys", () => {
    const counts = histogram((i) => uniformAt(deriveKey(0, "item", i), 0));
    expect(chiSquared(counts)).toBeLessThan(CHI2_99);
  });

  it.each([
    ["a stream and its neighbour", (i: number) => [uniformAt(5, i), uniformAt(6, i)]],
    ["a number and the next of its stream", (i: number) => [uniformAt(5, i), uniformAt(5, i + 1)]],
    [
      "streams of two labels",
      (i: number) => [uniformAt(deriveKey(5, "reflection", i), 0), uniformAt(deriveKey(5, "retry", i), 0)],
    ],
  ])("shows no dependence between %s", (_, pair) => {
    const counts = histogram((i) => {
      const [u = 0, v = 0] = pair(i);
      return (Math.floor(u * 10) * 10 + Math.floor(v * 10) + 0.5) / 100;
    });
    expect(chiSquared(counts)).toBeLessThan(CHI2_99);
  });
});

describe("deriveKey", () => {
  it("tells seeds, labels and their order apart", () => {
    const keys = [
      deriveKey(1, "a", 2),
      deriveKey(1, 2, "a"),
      deriveKey(1, "a", "2"),
      deriveKey(1, "a2"),
      deriveKey(2, "a", 2),
      deriveKey(1 + 2 ** 32, "a", 2),
      deriveKey(1, "a", 2 + 2 ** 32),
      deriveKey(-1, "a", 2),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("collides no more often than 32 bits must", () => {
    const keys = new Set(Array.from({ length: N }, (_, i) => deriveKey(0, "x", i)));
    // 1.2 pairs are expected among 100,000 keys.
    expect(keys.size).toBeGreaterThanOrEqual(N - 8);
  });
});

describe("createRandom", () => {
  it("shuffles every order alike, and leaves its input alone", () => {
    const random = createRandom(3);
    const input = [0, 1, 2, 3];
    const counts = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const order = random.shuffle(input).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(input).toEqual([0, 1, 2, 3]);
    expect(counts.size).toBe(24);
    // The 0.999 quantile with 23 degrees of freedom, by the same source.
    expect(chiSquared([...counts.values()])).toBeLessThan(49.73);
  });

  it("gives whole numbers below the bound, and picks from a list", () => {
    const random = createRandom(4);
    const seen = new Set(Array.from({ length: 200 }, () => random.int(5)));
    expect([...seen].toSorted()).toEqual([0, 1, 2, 3, 4]);
    expect(["a", "b"]).toContain(random.pick(["a", "b"]));
  });

  it("starts again from the same key", () => {
    const [first, second] = [createRandom(9), createRandom(9)];
    expect([first.next(), first.int(10), first.shuffle([1, 2, 3])]).toEqual([
      second.next(),
      second.int(10),
      second.shuffle([1, 2, 3]),
    ]);
  });
});
