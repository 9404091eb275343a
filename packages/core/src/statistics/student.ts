import type { Estimate } from "./interval.ts";

/**
 * Mean of a few values, e.g. one per seed, with Student's 95 % interval.
 * @returns undefined with fewer than two values: they have no spread to judge by.
 */
export function meanInterval(values: readonly number[]): Estimate | undefined {
  const n = values.length;
  if (n < 2) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  const half = studentQuantile(n - 1) * Math.sqrt(variance / n);
  return { value: mean, low: mean - half, high: mean + half };
}

/** The 97.5 % quantile of Student's t distribution, by bisection on its distribution function. */
export function studentQuantile(degrees: number): number {
  let low = 0;
  let high = 13; // 12.706 with one degree of freedom is the largest.
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (centralMass(middle, degrees) < 0.95) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * P(|T| < t) for a whole number of degrees of freedom, a finite sum.
 * @see Abramowitz & Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4
 */
function centralMass(t: number, degrees: number): number {
  const angle = Math.atan(t / Math.sqrt(degrees));
  const cos = Math.cos(angle);
  const odd = degrees % 2 === 1;
  let term = odd ? cos : 1;
  let sum = degrees === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k < degrees; k += 2) {
    term *= (cos * cos * (k - 1)) / k;
    sum += term;
  }
  return odd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
}
