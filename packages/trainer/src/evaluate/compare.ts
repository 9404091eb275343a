import {
  clusteredDifference,
  countPairs,
  type Estimate,
  mcnemarExact,
  type PairedCounts,
  pairedDifference,
  RrrError,
} from "@rrr/core";
import type { Evaluation, Measure } from "./evaluation.ts";
import { knownOf, type OutcomeTable, shareOf } from "./summarize.ts";

/** Two measurements of the same items, compared item by item; items without both outcomes are left out. */
export interface Comparison {
  /** Items. */
  readonly pairs: number;
  /** Where each item has one sample in both. */
  readonly counts?: PairedCounts;
  /** Difference of the shares, second − first, with its 95 % interval, Newcombe's: see `clusteredDifference`. */
  readonly difference: Estimate;
  /** Two-sided: McNemar's exact test, or where items have several samples a sign-flip test over the items. */
  readonly p: number;
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
  return compareOutcomes([before.table, measure], [after.table, measure]);
}

/** Two measures of one evaluation, e.g. a control and `after`. @returns undefined where no item has both. */
export function compareMeasures(
  evaluation: Evaluation,
  first: Measure,
  second: Measure,
): Comparison | undefined {
  return compareOutcomes([evaluation.table, first], [evaluation.table, second]);
}

/** A measure of one table against a measure of another, or of the same; row i of both is the same problem. */
export function compareOutcomes(
  [firstTable, firstMeasure]: readonly [OutcomeTable, Measure],
  [secondTable, secondMeasure]: readonly [OutcomeTable, Measure],
): Comparison | undefined {
  const second = knownOf(secondTable, secondMeasure);
  const both = knownOf(firstTable, firstMeasure).flatMap((a, i) => {
    const b = second[i] ?? [];
    return a.length === 0 || b.length === 0 ? [] : [[a, b] as const];
  });
  const pairs = both.length;
  if (pairs === 0) return undefined;
  const before = both.map(([a]) => a);
  const after = both.map(([, b]) => b);
  if ([...firstTable, ...secondTable].some(({ length }) => length > 1)) {
    const samples = [before.flat().length, after.flat().length] as const;
    return { pairs, ...clusteredDifference(before.map(shareOf), after.map(shareOf), samples) };
  }
  const counts = countPairs(before.flat(), after.flat());
  return { pairs, counts, difference: pairedDifference(counts), p: mcnemarExact(counts) };
}
