import { createRandom } from "@rrr/core";
import { describe, expect, test } from "vitest";
import { FAR_TOO_FAST, HEALTHY, TOO_FAST } from "../fixtures/measured-steps.ts";
import { createPassRate } from "./pass-rate.ts";
import type { StepFigures } from "./step-figures.ts";
import { createWatch, type TrainingWarning, type WarningSign } from "./watch.ts";

/** All that is said of some steps, and where they collapse. */
function watched(steps: readonly StepFigures[]): {
  readonly warnings: readonly TrainingWarning[];
  readonly collapse: number | undefined;
} {
  const each = steps.map(createWatch());
  const collapse = each.findIndex((one) => one.collapse !== undefined);
  return {
    warnings: each.flatMap(({ warnings }) => warnings),
    collapse: collapse === -1 ? undefined : steps[collapse]?.step,
  };
}

/** The first step at which the mean of five steps is below half of the best such mean before. */
function halvedAt(steps: readonly StepFigures[]): number {
  const rates = steps.map(({ groups }) => meanOf(groups.map(({ passed, of }) => passed / of)));
  let best = 0;
  for (let last = 4; last < rates.length; last++) {
    const mean = meanOf(rates.slice(last - 4, last + 1));
    if (mean < best / 2) return last + 1;
    best = Math.max(best, mean);
  }
  return Number.POSITIVE_INFINITY;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe("of runs that were measured", () => {
  test.each([
    ["too fast", TOO_FAST, 18, 31],
    ["far too fast", FAR_TOO_FAST, 8, 12],
  ])("%s: warned of before the rate halves, then a collapse", (_, steps, halved, collapse) => {
    expect(halvedAt(steps)).toBe(halved);
    const all = watched(steps);
    expect(all.collapse).toBe(collapse);
    const falls = all.warnings.filter(({ sign }) => sign === "pass-rate");
    expect(falls[0]?.step).toBeLessThan(halved);
    expect(falls.map(({ level }) => level)).toEqual([1, 2]);
    expect(falls[1]?.text).toMatch(/^retries pass in \d+\.\d % \(steps \d+ to \d+\), after \d+\.\d % \(step/);
  });
});

test("a run that learns well is not warned of", () => {
  expect(watched(HEALTHY)).toEqual({ warnings: [], collapse: undefined });
});

test("what is said of a step does not depend on what comes after it", () => {
  const { warnings } = watched(TOO_FAST);
  for (let steps = 1; steps <= TOO_FAST.length; steps++) {
    const known = warnings.filter(({ step }) => step <= steps);
    expect(watched(TOO_FAST.slice(0, steps)).warnings).toEqual(known);
  }
});

/** A rate that stays: problems of every difficulty, so that retries of one failure are alike. */
function flat(seed: number, steps: number, groups: number, size: number): readonly StepFigures[] {
  const random = createRandom(seed);
  return Array.from({ length: steps }, (_, i) => {
    const of = Array.from({ length: groups }, () => {
      const chance = random.next() ** 1.5;
      let passed = 0;
      for (let retry = 0; retry < size; retry++) if (random.next() < chance) passed++;
      return { passed, of: size };
    });
    return steady({ step: i + 1, groups: of });
  });
}

/** A step in which nothing is wrong, but for what is said. */
function steady(figures: Partial<StepFigures> & { readonly step: number }): StepFigures {
  const groups = figures.groups ?? Array.from({ length: 8 }, (_, i) => ({ passed: i, of: 8 }));
  return {
    ...{ groups, kept: groups.length, dropped: 0, reflections: 64, cut: 2, distinct: 40 },
    update: { kl: 0.01, entropy: 1, gradNorm: 1 },
    ...figures,
  };
}

test("a rate that stays is rarely taken for a fall, and never for a collapse", () => {
  const runs = Array.from({ length: 100 }, (_, seed) => {
    const falls = flat(seed, 100, 8, 8).map(createPassRate());
    return falls.map((fall) => fall?.kind);
  });
  expect(runs.filter((kinds) => kinds.includes("collapsed"))).toHaveLength(0);
  expect(runs.filter((kinds) => kinds.includes("fallen")).length).toBeLessThanOrEqual(10);
});

const steps = (count: number, of: (step: number) => Partial<StepFigures> = () => ({})) =>
  Array.from({ length: count }, (_, i) => steady({ step: i + 1, ...of(i + 1) }));
const update = (changes: Partial<NonNullable<StepFigures["update"]>>) => ({
  update: { kl: 0.01, entropy: 1, gradNorm: 1, ...changes },
});

test.each<[WarningSign, (step: number) => Partial<StepFigures>, readonly (readonly [number, 1 | 2])[]]>([
  [
    "kl",
    (step) => update({ kl: step / 8 }),
    [
      [7, 1],
      [17, 2],
    ],
  ],
  ["entropy", (step) => update({ entropy: step < 10 ? 1 : 0.2 }), [[12, 1]]],
  [
    "entropy",
    (step) => update({ entropy: step < 10 ? 1 : 6 }),
    [
      [10, 1],
      [12, 2],
    ],
  ],
  [
    "gradient",
    (step) => update({ gradNorm: step === 9 ? 15 : step === 12 ? 200 : 1 }),
    [
      [9, 1],
      [12, 2],
    ],
  ],
  [
    "no-signal",
    (step) => (step > 5 ? { kept: 0, dropped: 8 } : {}),
    [
      [8, 1],
      [15, 2],
    ],
  ],
  [
    "repeated",
    (step) => ({ distinct: step < 10 ? 40 : 2 }),
    [
      [10, 1],
      [12, 2],
    ],
  ],
  [
    "cut-off",
    (step) => ({ cut: step < 10 ? 2 : 60 }),
    [
      [10, 1],
      [12, 2],
    ],
  ],
])("%s is said once, and again when it is worse", (sign, of, expected) => {
  const { warnings } = watched(steps(25, of));
  expect(warnings.map(({ step, level }) => [step, level])).toEqual(expected);
  expect(new Set(warnings.map((warning) => warning.sign))).toEqual(new Set([sign]));
});

test("steady steps, few steps and steps without a verdict say nothing", () => {
  expect(watched(steps(50)).warnings).toEqual([]);
  expect(watched(steps(1)).warnings).toEqual([]);
  const empty = { groups: [], kept: 3, reflections: 0, cut: 0, distinct: 0 };
  expect(watched(steps(50, () => empty)).warnings).toEqual([]);
});
