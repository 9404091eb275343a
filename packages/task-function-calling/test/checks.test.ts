import { describe, expect, it } from "vitest";
import { findAccepted, findRefused, measureSchemas, measureSpeed, timeFuzzed } from "./checks.ts";

/** The benchmark's checks in short; `pnpm bench:function-calling` runs them at full length. */
describe("at scale", () => {
  it("passes right answers in every form and spelling", () => {
    expect(findRefused(1_000, 1)).toEqual([]);
  });

  it("accepts no change of meaning", () => {
    expect(findAccepted(2_000, 1)).toEqual([]);
  });

  it("gives a verdict on fuzzed output", () => {
    // It throws where there is none.
    expect(() => timeFuzzed(500, 1)).not.toThrow();
  });

  it("keeps a bounded number of compiled schemas", () => {
    expect(measureSchemas(500)).toBeLessThan(100);
  });

  it("measures verdicts", () => {
    expect(measureSpeed(100, 1)).toBeGreaterThan(0);
  });
});
