import type { StepReport } from "@rrr/trainer";
import type { PlacedEpisode } from "./episode-rows.ts";

/** All episodes of a step, with what their reflections earned. */
export function placeStep({ step, groups }: StepReport): readonly PlacedEpisode[] {
  return groups.flatMap(({ episodes_G, rewards_G, advantages_G }, problem) =>
    episodes_G.map((episode, member) => {
      const scores = { reward: rewards_G[member], advantage: advantages_G[member] };
      return { stage: "train", step, problem, member, episode, ...scores };
    }),
  );
}

/** Columns of the `step` table. */
export function stepRow(report: StepReport): readonly (number | null)[] {
  const { update } = report;
  return [
    ...[report.step, report.passRate, report.kept, report.dropped, report.errored, report.sampledTokens],
    ...[report.reflectionTokens, report.truncated],
    ...[update?.loss ?? null, update?.kl ?? null, update?.entropyEstimate ?? null, update?.clipped ?? null],
    ...[update?.gradNorm ?? null, update?.learningRate ?? null],
    ...[report.seconds.sampling, report.seconds.update],
  ];
}
