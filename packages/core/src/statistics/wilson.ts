import { RrrError } from "../errors.ts";
import { type Estimate, Z_95 } from "./interval.ts";

/**
 * Share of successes with Wilson's 95 % score interval, without continuity correction.
 * @throws RrrError `bad-argument` unless 0 ≤ successes ≤ trials and trials ≥ 1.
 * @see Wilson (1927), https://doi.org/10.2307/2276774
 */
export function wilson(successes: number, trials: number): Estimate {
  const whole = Number.isInteger(successes) && Number.isInteger(trials);
  if (!whole || trials < 1 || successes < 0 || successes > trials) {
    throw new RrrError("bad-argument", `no share of ${successes} successes in ${trials} trials`);
  }
  return wilsonOf(successes / trials, trials);
}

/** Wilson's interval around a share of any number of trials, whole or not. */
export function wilsonOf(share: number, trials: number): Estimate {
  const z2 = Z_95 * Z_95;
  const centre = (share * trials + z2 / 2) / (trials + z2);
  const half = (Z_95 / (trials + z2)) * Math.sqrt(trials * share * (1 - share) + z2 / 4);
  return { value: share, low: share === 0 ? 0 : centre - half, high: share === 1 ? 1 : centre + half };
}
