import { createRandom } from "@rrr/core";
import { describe, expect, it } from "vitest";
import { createBackoff } from "./backoff.ts";

const settings = { backoffMs: 100, maxWaitMs: 1_000 };

describe("createBackoff", () => {
  it("jitters from nothing to a bound that doubles, up to the longest wait", () => {
    const backoff = createBackoff(settings, createRandom(1));
    for (const [attempt, bound] of [
      [1, 100],
      [2, 200],
      [3, 400],
      [4, 800],
      [5, 1_000],
      [2_000, 1_000],
    ] as const) {
      const waits = Array.from({ length: 2_000 }, () => backoff(attempt, undefined));
      expect(Math.min(...waits)).toBeLessThan(bound * 0.01);
      expect(Math.max(...waits)).toBeGreaterThan(bound * 0.99);
      expect(Math.max(...waits)).toBeLessThanOrEqual(bound);
      expect(waits.reduce((sum, wait) => sum + wait) / waits.length / bound).toBeCloseTo(0.5, 1);
    }
  });

  it("waits as long as the server says, a little longer, and never longer than the longest wait", () => {
    const backoff = createBackoff(settings, createRandom(2));
    for (let i = 0; i < 200; i++) {
      const wait = backoff(1, 700);
      expect(wait).toBeGreaterThanOrEqual(700);
      expect(wait).toBeLessThanOrEqual(800);
      expect(backoff(1, 86_400_000)).toBeLessThanOrEqual(1_000);
    }
  });
});
