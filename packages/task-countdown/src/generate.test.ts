import { RrrError, take } from "@rrr/core";
import { describe, expect, it, vi } from "vitest";
import { generateItems, listProblems } from "./generate.ts";
import { PRESETS, type PresetName } from "./presets.ts";
import { solve } from "./solve.ts";
import { problemKey, splitOf } from "./split.ts";

// Seconds of work by itself: a machine that is busy with much else takes longer, which is no failure.
vi.setConfig({ testTimeout: 600_000 });

describe("the small preset", () => {
  it("lists every solvable problem once, but for the prompt's own example", () => {
    const problems = listProblems(PRESETS.small);
    // 4,739 by an independent enumeration with Python's fractions; the example is one of them.
    expect(problems).toHaveLength(4_738);
    expect(new Set(problems.map(problemKey)).size).toBe(4_738);
    expect(problems.map(problemKey)).not.toContain("1,2,3=1");
  });

  it("ends after its problems, a fifth of which are held out", () => {
    const train = [...generateItems(PRESETS.small, "train", 0)];
    const test = [...generateItems(PRESETS.small, "test", 0)];
    expect(train.length + test.length).toBe(4_738);
    expect(test.length / 4_738).toBeGreaterThan(0.18);
    expect(test.length / 4_738).toBeLessThan(0.22);
    const held = new Set(test.map(problemKey));
    expect(train.filter((item) => held.has(problemKey(item)))).toEqual([]);
  });

  it("takes another order, of problems and of numbers, from another seed, and the same split", () => {
    const [zero, one] = [0, 1].map((seed) => [...generateItems(PRESETS.small, "test", seed)]);
    expect(zero).not.toEqual(one);
    expect(zero?.map(problemKey).toSorted()).toEqual(one?.map(problemKey).toSorted());
    expect(zero?.some(({ numbers }) => numbers.join() !== numbers.toSorted((a, b) => a - b).join())).toBe(
      true,
    );
  });
});

describe.each(["tinyzero", "hard"] satisfies PresetName[])("the %s preset", (name) => {
  const space = PRESETS[name];

  it("draws solvable problems of its space, on the right side of the split", async () => {
    const items = await take(generateItems(space, "test", 3), 60);
    for (const item of items) {
      expect(item.numbers.length).toBeGreaterThanOrEqual(space.count.min);
      expect(item.numbers.length).toBeLessThanOrEqual(space.count.max);
      expect(Math.min(...item.numbers)).toBeGreaterThanOrEqual(space.numbers.min);
      expect(Math.max(...item.numbers)).toBeLessThanOrEqual(space.numbers.max);
      expect(item.target).toBeGreaterThanOrEqual(space.target.min);
      expect(item.target).toBeLessThanOrEqual(space.target.max);
      expect(splitOf(item)).toBe("test");
      expect(solve(item)).toBeDefined();
    }
    expect(new Set(items.map(({ numbers }) => numbers.length)).size).toBe(2);
  });
});

describe("a space without problems", () => {
  it("is refused, not searched for ever", () => {
    const one = { min: 1, max: 1 };
    const space = { count: { min: 4, max: 4 }, numbers: one, target: { min: 900, max: 999 } };
    expect(() => generateItems(space, "train", 0)[Symbol.iterator]().next()).toThrow(
      expect.toSatisfy((error) => RrrError.is(error, "bad-argument")),
    );
  });

  it("is not one with a single, rare target", async () => {
    const rare = { count: { min: 4, max: 4 }, numbers: { min: 1, max: 99 }, target: { min: 998, max: 998 } };
    const [item] = await take(generateItems(rare, "test", 1), 1);
    expect(item?.target).toBe(998);
  });
});

describe("splitOf", () => {
  it("does not see the order of the numbers", () => {
    for (let target = 1; target < 50; target++) {
      expect(splitOf({ numbers: [3, 1, 2], target })).toBe(splitOf({ numbers: [1, 2, 3], target }));
    }
  });
});
