import { expect, test } from "vitest";
import { lossOf } from "../src/loss.ts";
import { goldenCases } from "./golden-losses.ts";

test.each(goldenCases.filter(({ loss }) => loss.entropyCoefficient === undefined))(
  "the definition of $name",
  ({ loss, data, logprobs, expected }) => {
    const { report, slopes } = lossOf(loss, data, logprobs);
    expect(Math.abs(report.loss - expected.loss)).toBeLessThan(1e-5);
    for (const [i, row] of expected.slopes.entries()) {
      expect(slopes[i]).toHaveLength(row.length);
      for (const [t, slope] of row.entries()) {
        expect(Math.abs((slopes[i]?.[t] ?? Number.NaN) - slope)).toBeLessThan(1e-5);
      }
    }
  },
);

test("the golden cases have clipped tokens and others, in each surrogate", () => {
  for (const surrogate of ["ppo", "gspo", "cispo"] as const) {
    const shares = goldenCases
      .filter(({ loss }) => (loss.surrogate ?? "ppo") === surrogate && loss.entropyCoefficient === undefined)
      .map(({ loss, data, logprobs }) => lossOf(loss, data, logprobs).report.clipped);
    expect(Math.max(...shares)).toBeGreaterThan(0.05);
    expect(Math.min(...shares)).toBeLessThan(0.95);
  }
});

test("an entropy bonus is refused: log-probabilities of targets do not tell it", () => {
  const bonus = goldenCases.find(({ loss }) => loss.entropyCoefficient !== undefined);
  expect(bonus).toBeDefined();
  if (bonus === undefined) return;
  expect(() => lossOf(bonus.loss, bonus.data, bonus.logprobs)).toThrow(
    expect.objectContaining({ code: "bad-argument", message: expect.stringContaining("entropyCoefficient") }),
  );
});
