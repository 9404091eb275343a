import type { Episode, Reflection } from "@rrr/core";
import type { OfMeasures, Outcomes } from "./evaluation.ts";
import type { Begun } from "./evaluation-record.ts";

/** First try and after each round of reflection; what an error left open is missing. */
export function episodeOutcomes(episode: Episode, rounds = 1): Outcomes {
  const first = episode.kind === "solved";
  if (!first && episode.attempt === undefined) return {};
  const retries = reflectionsOf(episode).map(({ retry }) => retry.verdict.kind === "pass");
  const outcomes: OfMeasures<boolean> = { first };
  for (let round = 1; round <= rounds; round++) {
    const passed = first || retries.slice(0, round).includes(true);
    const isKnown = passed || retries.length >= round || episode.kind !== "errored";
    const measure: "after" | `after${number}` = round === 1 ? "after" : `after${round}`;
    if (isKnown) outcomes[measure] = passed;
  }
  return outcomes;
}

/** The rounds of an episode that came to a verdict. */
function reflectionsOf(episode: Episode): readonly Reflection[] {
  if (episode.kind === "solved") return [];
  return episode.kind === "reflected"
    ? [episode.reflection, ...(episode.later ?? [])]
    : (episode.earlier ?? []);
}

/** What is known of an episode that is not at its end: its attempt failed, and so did the retries that it has had. */
export function begunOutcomes(part: "episodes" | "greedy", { earlier }: Begun): Outcomes {
  if (part === "greedy") return { greedyFirst: false };
  const outcomes: OfMeasures<boolean> = { first: false };
  for (const round of earlier.keys())
    outcomes[round === 0 ? "after" : (`after${round + 1}` as const)] = false;
  return outcomes;
}

export function greedyOutcomes(episode: Episode): Outcomes {
  const { first, after } = episodeOutcomes(episode);
  return {
    ...(first === undefined ? {} : { greedyFirst: first }),
    ...(after === undefined ? {} : { greedyAfter: after }),
  };
}
