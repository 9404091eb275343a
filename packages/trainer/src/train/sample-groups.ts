import { createRandom, deriveKey, reflectAndRetryGroup, type Task, type TokenLimits } from "@rrr/core";
import type { Engine } from "../engine.ts";
import type { MinedFailure } from "../mine.ts";
import type { Policy } from "../policy.ts";
import { klPenalties } from "./kl-in-reward.ts";
import { pickBatch } from "./pick.ts";
import { type RewardedGroup, rewardedReflections, rewardGroups } from "./reward.ts";
import type { TrainSettings } from "./train-settings.ts";

/** What a step trains with. */
export interface Sampler<Item> {
  readonly task: Task<Item>;
  readonly engine: Engine;
  readonly policy: Policy;
  readonly failures: readonly MinedFailure<Item>[];
  readonly settings: TrainSettings<Item> & { readonly limits: TokenLimits };
}

/**
 * The groups of one step, rewarded. Those that carry no signal are replaced by groups on further failures, as often as
 * `refills` says. A pure function of the weights, the step and the settings, so a resumed run samples what the
 * uninterrupted one would have.
 * @param step counted from 0
 * @returns the dropped groups too, in the order in which they were sampled
 */
export async function sampleGroups<Item>(
  sampler: Sampler<Item>,
  step: number,
): Promise<readonly RewardedGroup<Item>[]> {
  const { failures, settings } = sampler;
  const { seed, failuresPerStep, refills = 0 } = settings;
  let groups = await sampleRound(sampler, pickBatch(failures, failuresPerStep, step, seed), step, 0, 0);
  if (refills === 0) return groups;
  // In this step each failure is asked about once at most: the same weights would mostly say the same again.
  const used = new Set(groups.map(({ failure }) => failure));
  const further = createRandom(deriveKey(seed, "refill", step))
    .shuffle(failures)
    .filter((failure) => !used.has(failure));
  for (let refill = 1; refill <= refills; refill++) {
    const missing = failuresPerStep - groups.filter(carriesSignal).length;
    const picked = further.splice(0, missing);
    if (picked.length === 0) break;
    groups = [...groups, ...(await sampleRound(sampler, picked, step, refill, groups.length))];
  }
  return groups;
}

/** @param before groups that the step has sampled already: each has a seed of its own */
async function sampleRound<Item>(
  { task, engine, policy, settings }: Sampler<Item>,
  picked: readonly MinedFailure<Item>[],
  step: number,
  refill: number,
  before: number,
): Promise<readonly RewardedGroup<Item>[]> {
  const { seed, groupSize } = settings;
  const episodes_PG = await Promise.all(
    picked.map((failure, p) => {
      const rollout = { ...settings, temperature: 1, seed: deriveKey(seed, "train", step, before + p) };
      return reflectAndRetryGroup(task, policy, failure, groupSize, rollout);
    }),
  );
  const penalties = await klPenalties(engine, episodes_PG, settings);
  const coin = refill === 0 ? deriveKey(seed, "coin", step) : deriveKey(seed, "coin", step, refill);
  return rewardGroups(picked, episodes_PG, settings, coin, penalties);
}

/** Whether a gradient comes of it. */
export function carriesSignal(group: RewardedGroup): boolean {
  return rewardedReflections(group).length > 0;
}
