import { type Completion, type Episode, tokenCount, wilson } from "@rrr/core";
import {
  type Evaluation,
  type ItemOutcome,
  MEASURES,
  type Measure,
  type Outcomes,
  type Rate,
} from "./evaluation.ts";
import { meanOf } from "./reward.ts";

/** First try and after reflection; neither for an episode that errored. */
export function episodeOutcomes(episode: Episode): Outcomes {
  switch (episode.kind) {
    case "solved":
      return { first: true, after: true };
    case "reflected":
      return { first: false, after: episode.reflection.retry.verdict.kind === "pass" };
    case "errored":
      return {};
  }
}

/** Shares with intervals, counted over the items that came to an outcome. */
export function ratesOf(items: readonly ItemOutcome[]): Evaluation["rates"] {
  const rates: Partial<Record<Measure, Rate>> = {};
  for (const measure of MEASURES) {
    const known = items.map(({ outcomes }) => outcomes[measure]).filter((outcome) => outcome !== undefined);
    const passed = known.filter(Boolean).length;
    if (known.length > 0) rates[measure] = { passed, of: known.length, ...wilson(passed, known.length) };
  }
  return rates;
}

/** Mean sampled tokens of each turn. */
export function tokensOf(episodes: readonly Episode[]): Evaluation["tokens"] {
  const attempts = episodes.flatMap((episode) =>
    episode.kind === "errored" ? [] : [episode.attempt.completion],
  );
  const reflections = episodes.flatMap((episode) =>
    episode.kind === "reflected" ? [episode.reflection] : [],
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
