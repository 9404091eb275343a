import {
  deriveKey,
  type Episode,
  type FailedAttempt,
  groupAdvantages,
  isOnlyThought,
  messageOf,
  type Reflection,
  RrrError,
  uniformAt,
} from "@rrr/core";
import type { RewardFunction, TrainSettings } from "./train-settings.ts";
import type { RewardedReflection } from "./update.ts";

/** G episodes that start from the same failed attempt, with what each reflection earned. */
export interface RewardedGroup<Item = unknown> {
  readonly failure: FailedAttempt<Item>;
  readonly episodes_G: readonly Episode<Item>[];
  /** Penalties in the reward subtracted. Undefined where the episode errored, or a custom reward left it out. */
  readonly rewards_G: readonly (number | undefined)[];
  /** Undefined where the reward is, and for the whole group where all rewards are equal. */
  readonly advantages_G: readonly (number | undefined)[];
}

/** 1 if the retry passed, else 0; undefined for an episode that came to no verdict. */
export function retryPassed(episode: Episode): 0 | 1 | undefined {
  if (episode.kind !== "reflected") return undefined;
  return episode.reflection.retry.verdict.kind === "pass" ? 1 : 0;
}

/** What the retry earned its reflection: nothing where that was only thought, for the retry was a blind one. */
export function retryReward(episode: Episode): 0 | 1 | undefined {
  if (episode.kind !== "reflected") return undefined;
  return isOnlyThought(episode.reflection.completion) ? 0 : retryPassed(episode);
}

/**
 * Rewards one step's episodes. Advantages are relative to the members of a group that have a reward.
 * @param failures_P what each group of episodes started from
 * @param key of the coin, where rewards are random
 * @param penalties what is subtracted from the reward of an episode before advantages are taken
 * @throws RrrError `bad-argument` for a custom reward that is not finite; errors of the function pass through
 */
export function rewardGroups<Item>(
  failures_P: readonly FailedAttempt<Item>[],
  episodes_PG: readonly (readonly Episode<Item>[])[],
  {
    reward,
    advantageScale,
    advantageBaseline = "mean",
  }: Pick<TrainSettings<Item>, "reward" | "advantageScale" | "advantageBaseline">,
  key: number,
  penalties?: ReadonlyMap<Episode<Item>, number>,
): readonly RewardedGroup<Item>[] {
  const rate = meanOf(episodes_PG.flat().map(retryReward)) ?? 0;
  return failures_P.map((failure, p) => {
    const episodes_G = episodes_PG[p] ?? [];
    const earned_G = episodes_G.map((episode, g) => {
      if (episode.kind !== "reflected") return undefined;
      if (reward === "random") return uniformAt(deriveKey(key, p), g) < rate ? 1 : 0;
      return reward === "retry" ? retryReward(episode) : ownReward(reward, episode);
    });
    const rewards_G =
      penalties === undefined
        ? earned_G
        : earned_G.map((earned, g) =>
            earned === undefined ? undefined : earned - (penalties.get(episodes_G[g] as Episode<Item>) ?? 0),
          );
    const known = rewards_G.filter((reward) => reward !== undefined);
    const advantages = groupAdvantages(known, {
      scale: advantageScale,
      baseline: advantageBaseline,
    })?.values();
    const advantages_G = rewards_G.map((reward) =>
      reward === undefined ? undefined : advantages?.next().value,
    );
    return { failure, episodes_G, rewards_G, advantages_G };
  });
}

function ownReward<Item>(
  reward: RewardFunction<Item>,
  episode: Parameters<RewardFunction<Item>>[0],
): number | undefined {
  const earned: unknown = reward(episode);
  if (earned === undefined || (typeof earned === "number" && Number.isFinite(earned))) return earned;
  throw new RrrError("bad-argument", `a reward must be a finite number, got ${messageOf(earned)}`, {
    hint: "Return a number, or undefined to leave the episode out; the function cannot be async.",
  });
}

/** The reflections of a group that carry a gradient: not one of which nothing was shown. */
export function rewardedReflections({ episodes_G, advantages_G }: RewardedGroup): RewardedReflection[] {
  return episodes_G.flatMap((episode, g) => {
    const advantage = advantages_G[g];
    if (episode.kind !== "reflected" || advantage === undefined) return [];
    if (isHidden(episode.reflection)) return [];
    return [{ reflection: episode.reflection, advantage }];
  });
}

/** Whether the retry was shown nothing of it. */
export function isHidden({ completion: { tokens } }: Reflection): boolean {
  return tokens !== undefined && tokens.hidden === tokens.ids.length;
}

/** Mean of the known values; undefined without any. */
export function meanOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0) / known.length;
}
