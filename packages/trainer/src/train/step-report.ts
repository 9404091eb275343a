import { RrrError, tokenCount } from "@rrr/core";
import { meanOf, type RewardedGroup, retryPassed } from "./reward.ts";
import type { UpdateReport } from "./update.ts";

/** One training step. Everything but `seconds` is the same for the same seed. */
export interface StepReport<Item = unknown> {
  /** Counted from 1. */
  readonly step: number;
  readonly steps: number;
  /** Share of the step's retries that passed, errored ones left out; the true one, also with random rewards. */
  readonly passRate: number;
  /** Groups that carried a gradient, and those whose rewards were all equal. */
  readonly kept: number;
  readonly dropped: number;
  /** Groups among them that were sampled in place of dropped ones. */
  readonly refilled: number;
  /** Episodes that could not be finished or checked: in no rate and no gradient. */
  readonly errored: number;
  readonly sampledTokens: number;
  /** Mean tokens of a reflection, and the share of reflections that hit the token limit. */
  readonly reflectionTokens: number;
  readonly truncated: number;
  /** Undefined when no group carried a gradient: the weights were left alone. */
  readonly update: UpdateReport | undefined;
  /** All that was sampled, for logs and displays. */
  readonly groups: readonly RewardedGroup<Item>[];
  readonly seconds: { readonly sampling: number; readonly update: number };
}

/** What a step's episodes come to. @throws model-failed if not one of them came to a verdict. */
export function summarize<Item>(
  groups: readonly RewardedGroup<Item>[],
  failuresPerStep: number,
): Omit<StepReport<Item>, "step" | "steps" | "update" | "seconds"> {
  const episodes = groups.flatMap((group) => group.episodes_G);
  const reflections = episodes.flatMap((episode) =>
    episode.kind === "reflected" ? [episode.reflection] : [],
  );
  const passRate = meanOf(episodes.map(retryPassed));
  if (passRate === undefined) {
    const cause = episodes.find((episode) => episode.kind === "errored")?.error;
    throw new RrrError("model-failed", `every episode of a step errored, first: ${cause?.message}`, {
      cause,
      hint: cause?.hint ?? "The first error says why: look at the task's verifier, or at the model.",
    });
  }
  const reflectionTokens = reflections.map(({ completion }) => tokenCount(completion) ?? 0);
  const retryTokens = reflections.map(({ retry }) => tokenCount(retry.completion) ?? 0);
  const kept = groups.filter(({ advantages_G }) =>
    advantages_G.some((advantage) => advantage !== undefined),
  ).length;
  return {
    passRate,
    kept,
    dropped: groups.length - kept,
    refilled: groups.length - failuresPerStep,
    errored: episodes.length - reflections.length,
    sampledTokens: [...reflectionTokens, ...retryTokens].reduce((sum, count) => sum + count, 0),
    reflectionTokens: meanOf(reflectionTokens) ?? 0,
    truncated: meanOf(reflections.map(({ completion }) => (completion.finish === "length" ? 1 : 0))) ?? 0,
    groups,
  };
}
