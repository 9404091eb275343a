import { deriveKey, type Episode, type FailedAttempt, groupAdvantages, uniformAt } from "@rrr/core";
import type { TrainSettings } from "./train-settings.ts";
import type { RewardedReflection } from "./update.ts";

/** G episodes that start from the same failed attempt, with what each reflection earned. */
export interface RewardedGroup<Item = unknown> {
  readonly failure: FailedAttempt<Item>;
  readonly episodes_G: readonly Episode<Item>[];
  /** Undefined where the episode errored. */
  readonly rewards_G: readonly (number | undefined)[];
  /** Undefined where the episode errored, and for the whole group where all rewards are equal. */
  readonly advantages_G: readonly (number | undefined)[];
}

/** 1 if the retry passed, else 0; undefined for an episode that came to no verdict. */
export function retryReward(episode: Episode): number | undefined {
  if (episode.kind !== "reflected") return undefined;
  return episode.reflection.retry.verdict.kind === "pass" ? 1 : 0;
}

/**
 * Rewards one step's episodes. Advantages are relative to the members of a group that came to a verdict.
 * @param failures_P what each group of episodes started from
 * @param key of the coin, where rewards are random
 */
export function rewardGroups<Item>(
  failures_P: readonly FailedAttempt<Item>[],
  episodes_PG: readonly (readonly Episode<Item>[])[],
  settings: Pick<TrainSettings, "reward" | "advantageScale">,
  key: number,
): readonly RewardedGroup<Item>[] {
  const rate = meanOf(episodes_PG.flat().map(retryReward)) ?? 0;
  return failures_P.map((failure, p) => {
    const episodes_G = episodes_PG[p] ?? [];
    const rewards_G = episodes_G.map((episode, g) => {
      const reward = retryReward(episode);
      if (settings.reward === "retry" || reward === undefined) return reward;
      return uniformAt(deriveKey(key, p), g) < rate ? 1 : 0;
    });
    const known = rewards_G.filter((reward) => reward !== undefined);
    const advantages = groupAdvantages(known, { scale: settings.advantageScale })?.values();
    const advantages_G = rewards_G.map((reward) =>
      reward === undefined ? undefined : advantages?.next().value,
    );
    return { failure, episodes_G, rewards_G, advantages_G };
  });
}

/** The reflections of a group that carry a gradient. */
export function rewardedReflections({ episodes_G, advantages_G }: RewardedGroup): RewardedReflection[] {
  return episodes_G.flatMap((episode, g) => {
    const advantage = advantages_G[g];
    if (episode.kind !== "reflected" || advantage === undefined) return [];
    return [{ reflection: episode.reflection, advantage }];
  });
}

/** Mean of the known values; undefined without any. */
export function meanOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0) / known.length;
}
