import {
  clusteredDifference,
  countPairs,
  type Estimate,
  mcnemarExact,
  type PairedCounts,
  pairedDifference,
  RrrError,
} from "@rrr/core";
import { type Coverage, coverage, type Measurements } from "./coverage.ts";
import type { Evaluation, Measure, Share } from "./evaluation.ts";

/** Two measurements of the same items, compared item by item. */
export interface Comparison {
  /** Items that both measured, or tried to. */
  readonly pairs: number;
  /** Items of which an outcome is missing. */
  readonly missing: number;
  /** Where each item has one sample in both, and none is missing. */
  readonly counts?: PairedCounts;
  /** Difference of the shares, second − first, with its 95 % interval, Newcombe's: see `clusteredDifference`. */
  readonly difference: Share;
  /**
   * Two-sided: McNemar's exact test, or where items have several samples a sign-flip test over the items. Where outcomes are
   * missing, the largest that they could have led to.
   */
  readonly p: number;
  /** Where outcomes are missing, the smallest p that they could have led to. */
  readonly smallestP?: number;
}

/**
 * One measure before and after training.
 * @returns undefined where no item has both outcomes.
 * @throws RrrError `bad-argument` if the evaluations are not of the same items in the same order.
 */
export function compareEvaluations(
  before: Evaluation,
  after: Evaluation,
  measure: Measure,
): Comparison | undefined {
  if (before.itemsHash !== after.itemsHash) {
    throw new RrrError("bad-argument", "the two evaluations are not of the same items");
  }
  return compareOutcomes([before, measure], [after, measure]);
}

/** Two measures of one evaluation, e.g. a control and `after`. @returns undefined where no item has both. */
export function compareMeasures(
  evaluation: Evaluation,
  first: Measure,
  second: Measure,
): Comparison | undefined {
  return compareOutcomes([evaluation, first], [evaluation, second]);
}

/** A measure of one evaluation against a measure of another, or of the same; row i of both is the same problem. */
export function compareOutcomes(
  [first, firstMeasure]: readonly [Omit<Measurements, "rounds">, Measure],
  [second, secondMeasure]: readonly [Omit<Measurements, "rounds">, Measure],
): Comparison | undefined {
  const isPaired = [first, second].every(({ table }) => table.every(({ length }) => length <= 1));
  const [coverFirst, coverSecond] = [coverage(first), coverage(second)];
  const pairs: (readonly [Coverage, Coverage])[] = [];
  let [known, missing] = [0, 0];
  for (const [i, outcomes] of first.table.entries()) {
    const before = coverFirst(outcomes, firstMeasure);
    const after = coverSecond(second.table[i] ?? [], secondMeasure);
    if (samplesOf(before) === 0 || samplesOf(after) === 0) continue;
    pairs.push([before, after]);
    if (before.missing + after.missing > 0) missing++;
    if (before.known > 0 && after.known > 0) known++;
  }
  if (known === 0) return undefined;
  const least = test(pairs, isPaired, ["passed", "failed"]);
  if (missing === 0) return { pairs: pairs.length, missing, ...least };
  const most = test(pairs, isPaired, ["failed", "passed"]);
  const bounds = [least.difference.value, most.difference.value] as const;
  const isOneWay = bounds[0] > 0 || bounds[1] < 0;
  return {
    ...{ pairs: pairs.length, missing },
    difference: { low: least.difference.low, high: most.difference.high, bounds },
    // Between a gain and a loss lies no difference at all.
    p: isOneWay ? Math.max(least.p, most.p) : 1,
    smallestP: Math.min(least.p, most.p),
  };
}

type Supposed = "passed" | "failed";

/** @param supposed of the outcomes that are missing in the first and in the second */
function test(
  pairs: readonly (readonly [Coverage, Coverage])[],
  isPaired: boolean,
  supposed: readonly [Supposed, Supposed],
): { readonly counts?: PairedCounts; readonly difference: Estimate; readonly p: number } {
  const [before, after] = ([0, 1] as const).map((side) =>
    pairs.map((pair) => {
      const { passed, missing } = pair[side];
      return (passed + (supposed[side] === "passed" ? missing : 0)) / samplesOf(pair[side]);
    }),
  ) as [number[], number[]];
  if (isPaired) {
    const counts = countPairs(before.map(Boolean), after.map(Boolean));
    return { counts, difference: pairedDifference(counts), p: mcnemarExact(counts) };
  }
  const [first, second] = ([0, 1] as const).map((side) =>
    pairs.reduce((sum, pair) => sum + samplesOf(pair[side]), 0),
  ) as [number, number];
  return clusteredDifference(before, after, [first, second]);
}

function samplesOf({ known, missing }: Coverage): number {
  return known + missing;
}
