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
import { countKnown, type OutcomeTable } from "./summarize.ts";

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
  const isPaired = [firstTable, secondTable].every((table) => table.every(({ length }) => length <= 1));
  const before: number[] = [];
  const after: number[] = [];
  const samples: [number, number] = [0, 0];
  // Nothing is kept of each problem but its shares: there may be many.
  for (const [i, outcomes] of firstTable.entries()) {
    const first = countKnown(outcomes, firstMeasure);
    const second = countKnown(secondTable[i] ?? [], secondMeasure);
    if (first.known === 0 || second.known === 0) continue;
    before.push(first.passed / first.known);
    after.push(second.passed / second.known);
    samples[0] += first.known;
    samples[1] += second.known;
  }
  const pairs = before.length;
  if (pairs === 0) return undefined;
  if (!isPaired) return { pairs, ...clusteredDifference(before, after, samples) };
  const counts = countPairs(before.map(Boolean), after.map(Boolean));
  return { pairs, counts, difference: pairedDifference(counts), p: mcnemarExact(counts) };
}
