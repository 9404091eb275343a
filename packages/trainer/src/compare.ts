import {
  countPairs,
  type Estimate,
  mcnemarExact,
  type PairedCounts,
  pairedDifference,
  RrrError,
} from "@rrr/core";
import type { Evaluation, Measure } from "./evaluation.ts";

/** Two measurements of the same items, compared item by item; items without both outcomes are left out. */
export interface Comparison {
  readonly pairs: number;
  readonly counts: PairedCounts;
  /** Difference of the shares, second − first, with its 95 % interval. */
  readonly difference: Estimate;
  /** Two-sided, McNemar's exact test. */
  readonly p: number;
}

/**
 * One measure before and after training.
 * @returns undefined where no item has both outcomes.
 * @throws bad-argument if the evaluations are not of the same items in the same order.
 */
export function compareEvaluations(
  before: Evaluation,
  after: Evaluation,
  measure: Measure,
): Comparison | undefined {
  const same = before.items.length === after.items.length;
  if (!same || JSON.stringify(before.items.map(toItem)) !== JSON.stringify(after.items.map(toItem))) {
    throw new RrrError("bad-argument", "the two evaluations are not of the same items");
  }
  return compare(outcomesOf(before, measure), outcomesOf(after, measure));
}

/** Two measures of one evaluation, e.g. a control and `after`. @returns undefined where no item has both. */
export function compareMeasures(
  evaluation: Evaluation,
  first: Measure,
  second: Measure,
): Comparison | undefined {
  return compare(outcomesOf(evaluation, first), outcomesOf(evaluation, second));
}

function compare(
  first: readonly (boolean | undefined)[],
  second: readonly (boolean | undefined)[],
): Comparison | undefined {
  const both = first.flatMap((a, i) => {
    const b = second[i];
    return a === undefined || b === undefined ? [] : [[a, b] as const];
  });
  if (both.length === 0) return undefined;
  const counts = countPairs(
    both.map(([a]) => a),
    both.map(([, b]) => b),
  );
  return { pairs: both.length, counts, difference: pairedDifference(counts), p: mcnemarExact(counts) };
}

function outcomesOf(evaluation: Evaluation, measure: Measure): readonly (boolean | undefined)[] {
  return evaluation.items.map(({ outcomes }) => outcomes[measure]);
}

function toItem({ item }: { readonly item: unknown }): unknown {
  return item;
}
