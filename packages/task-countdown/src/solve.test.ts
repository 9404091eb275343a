import { describe, expect, it } from "vitest";
import { reachableTargets, solve } from "./solve.ts";
import { verifyCountdown } from "./verify.ts";

describe("solve", () => {
  it("finds answers that pass, through fractions where it must", () => {
    const item = { numbers: [5, 5, 5, 1], target: 24 };
    expect(solve(item)).toBe("5 * (5 - 1 / 5)");
    expect(verifyCountdown(item, `<answer>${solve(item)}</answer>`).kind).toBe("pass");
  });

  it("knows when there is none", () => {
    expect(solve({ numbers: [1, 1, 1], target: 99 })).toBeUndefined();
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
