import { RrrError } from "./errors.ts";

export interface AdvantageSettings {
  /**
   * `std`: divided by the group's sample standard deviation + 1e-4 (GRPO). `none`: not divided (Dr. GRPO).
   * Default `std`.
   */
  readonly scale?: "std" | "none";
}

/**
 * Group-relative advantages: reward minus the group's mean.
 * @param rewards_G one reward per member of the group.
 * @returns one advantage per member, or undefined where all rewards are equal: no signal, drop the group.
 * @throws RrrError `bad-argument` on a reward that is not finite.
 * @see https://arxiv.org/abs/2402.03300 (GRPO), https://arxiv.org/abs/2503.20783 (Dr. GRPO)
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
  if (settings.scale === "none") return centred_G;
  const variance = centred_G.reduce((sum, a) => sum + a * a, 0) / (groupSize - 1);
  return centred_G.map((a) => a / (Math.sqrt(variance) + 1e-4));
}
