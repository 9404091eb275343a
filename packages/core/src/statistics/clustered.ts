import { RrrError } from "../errors.ts";
import { createRandom } from "../random.ts";
import type { Estimate } from "./interval.ts";
import { differenceOf } from "./paired.ts";
import { studentQuantile } from "./student.ts";
import { wilsonOf } from "./wilson.ts";

/**
 * Mean of one value in [0, 1] per problem, e.g. the share of a problem's samples that passed, with a 95 % interval
 * that takes the problems, not the samples, for independent: Wilson's, at the number of yes-or-no trials that would
 * have this mean and this variance. With one sample a problem that is Wilson's own interval.
 * @param samples of all problems together; default: one of each
 * @throws RrrError `bad-argument` without a value, or for one outside [0, 1].
 * @see Korn & Graubard (1998), Survey Methodology 24:193–201, on the effective sample size and its degrees of freedom;
 *   Dean & Pagano (2015), Journal of Survey Statistics and Methodology 3:484–503, on Wilson's interval with it
 */
export function clusteredShare(values: readonly number[], samples: number = values.length): Estimate {
  const n = values.length;
  const odd = values.find((value) => !(value >= 0 && value <= 1));
  if (n === 0 || odd !== undefined) {
    throw new RrrError(
      "bad-argument",
      n === 0 ? "no share of no problems" : `${odd} is no share of a problem`,
    );
  }
  const mean = meanOf(values);
  const variance = covariance(values, values);
  // Values that are all alike say nothing of how they would spread: then a problem is one trial.
  if (variance < ALIKE) return wilsonOf(mean, n);
  const trials = (n * mean * (1 - mean)) / variance;
  // Few problems tell their variance badly; samples that differ by luck more than coins would are still no more.
  const certainty = samples === n ? 1 : (studentQuantile(samples - 1) / studentQuantile(n - 1)) ** 2;
  return wilsonOf(mean, Math.min(samples, trials * certainty));
}

/** A variance below this is rounding. */
const ALIKE = 1e-12;
/** Draws for a permutation test: the p-value's own standard error is below 0.0016 near 0.05. */
const PERMUTATIONS = 20_000;
/** Signs that one random number gives. */
const SIGNS = 30;

/**
 * Difference of two means of one value in [0, 1] per problem, second − first, with a 95 % interval: Newcombe's method
 * for paired shares, of the intervals of `clusteredShare`. With one sample a problem that is `pairedDifference`.
 * @param samples of all problems together, in the first and in the second; default: one of each
 * @returns also the two-sided p-value of a sign-flip permutation test: the share of signs of the problems' differences
 *   that bring their sum at least as far from 0; of all signs where they are few, else of random ones with a fixed seed.
 * @throws RrrError `bad-argument` without a value, for one outside [0, 1], or where the lengths differ.
 * @see Zou & Donner (2008), Statistics in Medicine 27:1693–1702, on intervals from those of the two shares
 */
export function clusteredDifference(
  first: readonly number[],
  second: readonly number[],
  samples: readonly [number, number] = [first.length, second.length],
): { readonly difference: Estimate; readonly p: number } {
  const n = first.length;
  if (n !== second.length) {
    throw new RrrError("bad-argument", `paired values differ in length: ${n}, ${second.length}`);
  }
  const shares = [clusteredShare(first, samples[0]), clusteredShare(second, samples[1])] as const;
  const spread = Math.sqrt(covariance(first, first) * covariance(second, second));
  const common = covariance(first, second);
  // As in Newcombe's table of pairs: n·n·covariance is both·neither − onlyBefore·onlyAfter, less n / 2 where positive.
  const phi = spread < ALIKE ? 0 : (common > 0 ? Math.max(common - 1 / (2 * n), 0) : common) / spread;
  const differences = second.map((value, i) => value - (first[i] as number));
  return { difference: differenceOf(...shares, phi), p: signFlip(differences) };
}

function signFlip(differences: readonly number[]): number {
  const told = differences.filter((value) => value !== 0);
  // Sums in another order differ by rounding.
  const observed = Math.abs(told.reduce((sum, value) => sum + value, 0)) - 1e-9;
  const isExact = 2 ** told.length <= PERMUTATIONS;
  const draws = isExact ? 2 ** told.length : PERMUTATIONS;
  const random = createRandom(0);
  let asFar = 0;
  for (let draw = 0; draw < draws; draw++) {
    let sum = 0;
    let signs = draw;
    for (let i = 0; i < told.length; i++) {
      if (i > 0) signs >>= 1;
      if (!isExact && i % SIGNS === 0) signs = random.int(2 ** SIGNS);
      sum += signs & 1 ? (told[i] as number) : -(told[i] as number);
    }
    if (Math.abs(sum) >= observed) asFar++;
  }
  // What was seen is one of the signs; among all of them it is counted already.
  return isExact ? asFar / draws : (asFar + 1) / (draws + 1);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of values of the same problems, over the problems that there are. */
function covariance(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  return meanOf(a.map((value, i) => (value - meanA) * ((b[i] as number) - meanB)));
}
