import { RrrError } from "../errors.ts";

/**
 * Unbiased estimate, from n samples of which c passed, that at least one of k samples passes: 1 − C(n−c, k) / C(n, k).
 * @throws RrrError `bad-argument` unless 0 ≤ c ≤ n and 1 ≤ k ≤ n.
 * @see Chen et al. (2021), https://arxiv.org/abs/2107.03374, section 2.1
 */
export function passAtK(n: number, c: number, k: number): number {
  const whole = [n, c, k].every(Number.isInteger);
  if (!whole || c < 0 || c > n || k < 1 || k > n) {
    throw new RrrError("bad-argument", `no pass@${k} of ${n} samples of which ${c} passed`);
  }
  let none = 1;
  for (let i = n - c + 1; i <= n; i++) none *= Math.max(0, 1 - k / i);
  return 1 - none;
}
