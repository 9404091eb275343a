import type { TokenLimits } from "@rrr/core";
import { type EvaluationPart, isSampledAlike, retryControlsOf } from "@rrr/trainer";
import { type RunRetry, retryConditions } from "../spec/run-retry.ts";
import type { PlannedEvaluation } from "../spec/run-spec.ts";

/** What an evaluation that is left to do will take. */
export interface Estimate {
  /** Requests, without those that are sent again or answered from the cache. */
  readonly requests: { readonly least: number; readonly most: number };
  /** US dollars; undefined without prices. */
  readonly costUsd: { readonly likely: number; readonly most: number } | undefined;
}

export interface EstimateInputs {
  /** Held-out problems. */
  readonly problems: number;
  /** Of a problem's own prompt, in the mean. */
  readonly promptTokens: number;
  readonly limits: TokenLimits;
  readonly evaluation: Pick<PlannedEvaluation, "samples" | "rounds" | "controls" | "greedy" | "temperature">;
  readonly retry: RunRetry;
  /** Units that are done. */
  readonly done: Readonly<Record<EvaluationPart, number>>;
  /** US dollars per million tokens. */
  readonly price?: { readonly input: number; readonly output: number } | undefined;
}

/** A token of English or code, as tokenizers of today have it. */
export const BYTES_PER_TOKEN = 4;

/** Share of problems that fail at first, and of its limit that an answer takes, where nobody knows. */
export const LIKELY = { failed: 0.5, ofLimit: 0.25 } as const;

/**
 * The least: each problem is solved at once. The most: none is, and answers are as long as they may be. Independent
 * attempts of the control with the same tokens are counted as if all answers were of one length.
 */
export function estimate(inputs: EstimateInputs): Estimate {
  const { problems, limits, evaluation, done, price } = inputs;
  const { samples, rounds, controls, greedy } = evaluation;
  const episodes = problems * samples - done.episodes;
  const others = controls ? problems * samples - done.controls : 0;
  const greedyOnes = greedy ? problems - done.greedy : 0;
  const { attempt: attemptLimit, reflection: reflectionLimit, retry: retryLimit = attemptLimit } = limits;
  const independent = Math.ceil((reflectionLimit + retryLimit) / attemptLimit);
  const { blind: blinds, fresh: freshOnes } = retryControlCounts(inputs);
  const least = episodes + greedyOnes;
  // Each also has a donor's retry.
  const most = episodes * (1 + 2 * rounds) + others * (1 + blinds + freshOnes + independent) + greedyOnes * 3;
  if (price === undefined) return { requests: { least, most }, costUsd: undefined };

  const cost = (failed: number, ofLimit: number): number => {
    const [attempt, reflection, again] = [attemptLimit, reflectionLimit, retryLimit].map(
      (limit) => limit * ofLimit,
    ) as [number, number, number];
    const { promptTokens: prompt } = inputs;
    // A reflection follows the prompt and its attempt; a retry follows both and has the prompt once more, or is the
    // prompt with a note.
    const request = (input: number, output: number) =>
      (input * price.input + output * price.output) / 1_000_000;
    const first = request(prompt, attempt);
    const reflected = request(prompt + attempt, reflection);
    const shown = inputs.retry.layout === "note" ? prompt : 2 * prompt + attempt;
    const retry = request(shown + reflection, again);
    const blind = request(shown, again);
    const fresh = request(prompt, again);
    return (
      (episodes + greedyOnes) * first +
      failed *
        ((episodes * rounds + greedyOnes) * (reflected + retry) +
          others * (retry + blinds * blind + freshOnes * fresh + independent * first))
    );
  };
  return {
    requests: { least, most },
    costUsd: { likely: cost(LIKELY.failed, LIKELY.ofLimit), most: cost(1, 1) },
  };
}

/** How many blind retries and fresh attempts are asked for besides independent attempts. */
function retryControlCounts({ evaluation, retry, limits }: EstimateInputs): {
  readonly blind: number;
  readonly fresh: number;
} {
  const conditions = retryConditions(retry, evaluation, limits);
  const asked = retryControlsOf(conditions);
  const isDrawn = asked.includes("fresh") && !isSampledAlike(conditions);
  return { blind: Number(asked.includes("blind")), fresh: Number(isDrawn) };
}
