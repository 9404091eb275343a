import { RrrError } from "../errors.ts";
import type { Estimate } from "./interval.ts";
import { wilson } from "./wilson.ts";

/** How often each of two binary outcomes on the same items held: before/after, or attempt/retry. */
export interface PairedCounts {
  readonly both: number;
  readonly onlyBefore: number;
  readonly onlyAfter: number;
  readonly neither: number;
}

/** @throws RrrError `bad-argument` when the lengths differ: paired outcomes are of the same items. */
export function countPairs(before: readonly boolean[], after: readonly boolean[]): PairedCounts {
  if (before.length !== after.length) {
    throw new RrrError("bad-argument", `paired outcomes differ in length: ${before.length}, ${after.length}`);
  }
  const counts = { both: 0, onlyBefore: 0, onlyAfter: 0, neither: 0 };
  for (let i = 0; i < before.length; i++) {
    if (before[i]) counts[after[i] ? "both" : "onlyBefore"]++;
    else counts[after[i] ? "onlyAfter" : "neither"]++;
  }
  return counts;
}

/**
 * Two-sided p-value of McNemar's exact test: the chance, were before and after alike, of discordant pairs at
 * least as lopsided. 1 without discordant pairs.
 * @see McNemar (1947), https://doi.org/10.1007/BF02295996
 */
export function mcnemarExact({ onlyBefore, onlyAfter }: PairedCounts): number {
  const discordant = onlyBefore + onlyAfter;
  // log C(n, k) − n·log 2, so that thousands of pairs do not underflow.
  let logMass = -discordant * Math.LN2;
  let tail = 0;
  for (let k = 0; k <= Math.min(onlyBefore, onlyAfter); k++) {
    if (k > 0) logMass += Math.log((discordant - k + 1) / k);
    tail += Math.exp(logMass);
  }
  return Math.min(1, 2 * tail);
}

/**
 * Difference of paired shares, after − before, with Newcombe's 95 % interval: squared distances of the two
 * Wilson intervals, less their correlation (his method 10).
 * @throws RrrError `bad-argument` without any pair.
 * @see Newcombe (1998), Statistics in Medicine 17:2635–2650
 */
export function pairedDifference(counts: PairedCounts): Estimate {
  const { both, onlyBefore, onlyAfter, neither } = counts;
  const pairs = both + onlyBefore + onlyAfter + neither;
  const before = wilson(both + onlyBefore, pairs);
  const after = wilson(both + onlyAfter, pairs);
  // Not the difference of two rounded shares.
  return { ...differenceOf(before, after, correlation(counts)), value: (onlyAfter - onlyBefore) / pairs };
}

/** Difference of two estimates, second − first, with the interval that theirs and their correlation give. */
export function differenceOf(first: Estimate, second: Estimate, correlation: number): Estimate {
  const value = second.value - first.value;
  const distance = (up: number, down: number): number =>
    Math.sqrt(Math.max(0, up * up - 2 * correlation * up * down + down * down));
  return {
    value,
    low: value - distance(second.value - second.low, first.high - first.value),
    high: value + distance(second.high - second.value, first.value - first.low),
  };
}

/** Phi coefficient of the table, positive values corrected for continuity, as method 10 has it. */
function correlation({ both, onlyBefore, onlyAfter, neither }: PairedCounts): number {
  const margins = (both + onlyBefore) * (onlyAfter + neither) * (both + onlyAfter) * (onlyBefore + neither);
  if (margins === 0) return 0;
  const excess = both * neither - onlyBefore * onlyAfter;
  const pairs = both + onlyBefore + onlyAfter + neither;
  return (excess > 0 ? Math.max(excess - pairs / 2, 0) : excess) / Math.sqrt(margins);
}
