import { RrrError } from "./errors.ts";

export interface AdvantageSettings {
  /**
   * `std`: divided by the group's sample standard deviation + 1e-4 (GRPO). `none`: not divided (Dr. GRPO).
   * Default `std`.
   */
  readonly scale?: "std" | "none";
  /**
   * What rewards are compared with. `mean`: the group's mean. `leave-one-out`: the mean of the group's other members
   * (RLOO). Default `mean`.
   */
  readonly baseline?: "mean" | "leave-one-out";
}

/**
 * Group-relative advantages: reward minus the group's mean, or that of the group's other members.
 * @param rewards_G one reward per member of the group.
 * @returns one advantage per member, or undefined where all rewards are equal: no signal, drop the group.
 * @throws RrrError `bad-argument` on a reward that is not finite.
 * @see https://arxiv.org/abs/2402.03300 (GRPO), https://arxiv.org/abs/2503.20783 (Dr. GRPO),
 *   https://arxiv.org/abs/2402.14740 (RLOO)
 */
export function groupAdvantages(
  rewards_G: readonly number[],
  settings: AdvantageSettings = {},
): readonly number[] | undefined {
  const odd = rewards_G.find((reward) => !Number.isFinite(reward));
  if (odd !== undefined) throw new RrrError("bad-argument", `a reward must be finite, got ${odd}`);
  if (rewards_G.every((reward) => reward === rewards_G[0])) return undefined;
  const groupSize = rewards_G.length;
  const mean = rewards_G.reduce((sum, reward) => sum + reward, 0) / groupSize;
  const centred_G = rewards_G.map((reward) => reward - mean);
  // r − (n·mean − r) / (n − 1) = (r − mean) · n / (n − 1)
  const compared_G =
    settings.baseline === "leave-one-out"
      ? centred_G.map((a) => (a * groupSize) / (groupSize - 1))
      : centred_G;
  if (settings.scale === "none") return compared_G;
  const variance = centred_G.reduce((sum, a) => sum + a * a, 0) / (groupSize - 1);
  return compared_G.map((a) => a / (Math.sqrt(variance) + 1e-4));
}
