import type { FailedAttempt } from "@rrr/core";
import type { StepReport } from "@rrr/trainer";
import type { PlacedEpisode } from "./episode-rows.ts";
import type { StoredFailure } from "./read-episode.ts";
import type { StepRow } from "./schema.ts";

/**
 * All episodes of a step, with what their reflections earned and the failure that each started from.
 * @param failures the mined failures as the store has them
 */
export function placeStep(
  { step, groups }: StepReport,
  failures: ReadonlyMap<FailedAttempt, StoredFailure>,
): readonly PlacedEpisode[] {
  return groups.flatMap(({ failure, episodes_G, rewards_G, advantages_G }, problem) =>
    episodes_G.map((episode, sample) => ({
      ...{ stage: "train", part: null, step, problem, sample, episode },
      item: failures.get(failure)?.item ?? episode.item,
      failure: failures.get(failure)?.id ?? null,
      reward: rewards_G[sample] ?? null,
      advantage: advantages_G[sample] ?? null,
    })),
  );
}

export function stepRow(report: StepReport): StepRow {
  const { update } = report;
  return {
    step: report.step,
    pass_rate: report.passRate,
    kept: report.kept,
    dropped: report.dropped,
    errored: report.errored,
    sampled_tokens: report.sampledTokens,
    reflection_tokens: report.reflectionTokens,
    truncated: report.truncated,
    loss: update?.loss ?? null,
    kl: update?.kl ?? null,
    entropy: update?.entropyEstimate ?? null,
    clipped: update?.clipped ?? null,
    grad_norm: update?.gradNorm ?? null,
    learning_rate: update?.learningRate ?? null,
    sampling_seconds: report.seconds.sampling,
    update_seconds: report.seconds.update,
    recorded_at: new Date().toISOString(),
  };
}
