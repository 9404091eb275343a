import { createRandom } from "@rrr/core";
import { describe, expect, it } from "vitest";
import { verifyCountdown } from "../src/verify.ts";
import { findAccepted, findDisagreements, timeFuzzed } from "./checks.ts";
import { randomExpression } from "./random-expression.ts";
import { measureSpeed } from "./speed.ts";

/** The benchmark's checks in short; `pnpm bench:countdown` runs them at full length. */
describe("at scale", () => {
  it("agrees with the oracle on generated expressions", () => {
    expect(findDisagreements(5_000, 1)).toEqual([]);
  });

  it("accepts no change of meaning", () => {
    expect(findAccepted(5_000, 1)).toEqual([]);
  });

  it("gives a verdict on fuzzed output", () => {
    const times = timeFuzzed(500, 1);
    expect(times[499]).toBeGreaterThanOrEqual(times[0] as number);
  });

  it("measures verdicts that pass", () => {
    const { verdictsPerSecond, mathjsPerSecond } = measureSpeed(200, 1);
    expect(verdictsPerSecond).toBeGreaterThan(0);
    expect(mathjsPerSecond).toBeGreaterThan(0);
  });

  it("generates expressions of several sizes, most of which are no answer to a random item", () => {
    const random = createRandom(1);
    const texts = Array.from({ length: 200 }, () => randomExpression(random));
    expect(new Set(texts.map((text) => text.match(/[0-9]+/g)?.length)).size).toBe(6);
    const item = { numbers: [25, 7, 8], target: 24 };
    expect(texts.filter((text) => verifyCountdown(item, text).kind === "pass")).toEqual([]);
  });
});
