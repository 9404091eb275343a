import { RrrError } from "../errors.ts";
import { createRandom } from "../random.ts";
import type { Estimate } from "./interval.ts";
import { meanInterval } from "./student.ts";
import { wilsonOf } from "./wilson.ts";

/**
 * Mean of one value in [0, 1] per problem, e.g. the share of a problem's samples that passed, with a 95 % interval
 * that takes the problems, not the samples, for independent: Wilson's, at the number of yes-or-no trials that would
 * have this mean and this variance. With one sample a problem that is Wilson's own interval.
 * @throws RrrError `bad-argument` without a value, or for one outside [0, 1].
 * @see Dean & Pagano (2015), Journal of Survey Statistics and Methodology 3:484–503, on Wilson's interval with an
 *   effective sample size
 */
export function clusteredShare(values: readonly number[]): Estimate {
  const n = values.length;
  const odd = values.find((value) => !(value >= 0 && value <= 1));
  if (n === 0 || odd !== undefined) {
    throw new RrrError(
      "bad-argument",
      n === 0 ? "no share of no problems" : `${odd} is no share of a problem`,
    );
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n;
  // Values that are all alike say nothing of how they would spread: then a problem is one trial.
  const trials = variance < 1e-12 ? n : (n * mean * (1 - mean)) / variance;
  return wilsonOf(mean, trials);
}

/** Draws for a permutation test: the p-value's own standard error is below 0.0016 near 0.05. */
const PERMUTATIONS = 20_000;
/** Signs that one random number gives. */
const SIGNS = 30;

/**
 * Mean of one difference per problem, with Student's 95 % interval.
 * @returns also the two-sided p-value of a sign-flip permutation test with a fixed seed: the share of random signs
 *   that bring the sum at least as far from 0.
 * @throws RrrError `bad-argument` without a value.
 */
export function clusteredDifference(differences: readonly number[]): {
  readonly difference: Estimate;
  readonly p: number;
} {
  const n = differences.length;
  if (n === 0) throw new RrrError("bad-argument", "no difference of no problems");
  const mean = differences.reduce((sum, value) => sum + value, 0) / n;
  const difference = meanInterval(differences) ?? { value: mean, low: -1, high: 1 };
  const told = differences.filter((value) => value !== 0);
  if (told.length === 0) return { difference, p: 1 };
  // Sums in another order differ by rounding.
  const observed = Math.abs(told.reduce((sum, value) => sum + value, 0)) - 1e-9;
  const random = createRandom(0);
  let asFar = 0;
  for (let draw = 0; draw < PERMUTATIONS; draw++) {
    let sum = 0;
    let signs = 0;
    for (let i = 0; i < told.length; i++) {
      signs = i % SIGNS === 0 ? random.int(2 ** SIGNS) : signs >> 1;
      sum += signs & 1 ? (told[i] as number) : -(told[i] as number);
    }
    if (Math.abs(sum) >= observed) asFar++;
  }
  return { difference, p: (asFar + 1) / (PERMUTATIONS + 1) };
}
