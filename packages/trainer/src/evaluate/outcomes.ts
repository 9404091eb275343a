import { type Completion, type Episode, tokenCount } from "@rrr/core";
import { meanOf } from "../train/reward.ts";
import type { Evaluation, OfMeasures, Outcomes } from "./evaluation.ts";

/** First try and after each round of reflection; nothing for an episode that errored. */
export function episodeOutcomes(episode: Episode, rounds = 1): Outcomes {
  if (episode.kind === "errored") return {};
  const retries =
    episode.kind === "solved"
      ? []
      : [episode.reflection, ...(episode.later ?? [])].map(({ retry }) => retry.verdict.kind === "pass");
  const first = episode.kind === "solved";
  const outcomes: OfMeasures<boolean> = { first, after: first || retries[0] === true };
  for (let round = 2; round <= rounds; round++) {
    outcomes[`after${round}`] = first || retries.slice(0, round).includes(true);
  }
  return outcomes;
}

export function greedyOutcomes(episode: Episode): Outcomes {
  const { first, after } = episodeOutcomes(episode);
  return first === undefined || after === undefined ? {} : { greedyFirst: first, greedyAfter: after };
}

/** Mean sampled tokens of each turn. */
export function tokensOf(episodes: readonly Episode[]): Evaluation["tokens"] {
  const attempts = episodes.flatMap((episode) =>
    episode.kind === "errored" ? [] : [episode.attempt.completion],
  );
  const reflections = episodes.flatMap((episode) =>
    episode.kind === "reflected" ? [episode.reflection, ...(episode.later ?? [])] : [],
  );
  const means = {
    attempt: meanTokens(attempts),
    reflection: meanTokens(reflections.map(({ completion }) => completion)),
    retry: meanTokens(reflections.map(({ retry }) => retry.completion)),
  };
  return Object.fromEntries(Object.entries(means).filter(([, mean]) => mean !== undefined));
}

function meanTokens(completions: readonly Completion[]): number | undefined {
  return meanOf(completions.map(tokenCount));
}
