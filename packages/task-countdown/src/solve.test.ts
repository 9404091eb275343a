import { describe, expect, it } from "vitest";
import { allSolutions, reachableTargets, solve } from "./solve.ts";
import { verifyCountdown } from "./verify.ts";

describe("solve", () => {
  it("finds answers that pass, through fractions where it must", () => {
    const item = { numbers: [5, 5, 5, 1], target: 24 };
    expect(solve(item)).toBe("5 * (5 - 1 / 5)");
    expect(verifyCountdown(item, `<answer>${solve(item)}</answer>`).kind).toBe("pass");
  });

  it("knows when there is none", () => {
    expect(solve({ numbers: [1, 1, 1], target: 99 })).toBeUndefined();
    expect(allSolutions({ numbers: [1, 1, 1], target: 99 })).toEqual([]);
  });

  it("writes every answer once, without needless parentheses, and each of them passes", () => {
    const item = { numbers: [1, 2, 3], target: 6 };
    const all = allSolutions(item);
    expect(new Set(all).size).toBe(all.length);
    expect(all).toContain("1 + 2 + 3");
    expect(all).toContain("1 * 2 * 3");
    for (const solution of all) {
      expect(verifyCountdown(item, `<answer>${solution}</answer>`)).toEqual({ kind: "pass" });
    }
  });

  it("is exact beyond 2^53", () => {
    const item = { numbers: [94906267, 94906267, 94906266, 94906268], target: 1 };
    expect(verifyCountdown(item, `<answer>${solve(item)}</answer>`).kind).toBe("pass");
  });
});

describe("reachableTargets", () => {
  it("is what can be made of all numbers", () => {
    expect([...reachableTargets([2, 3])].toSorted((a, b) => a - b)).toEqual([-1, 1, 5, 6]);
  });
});
