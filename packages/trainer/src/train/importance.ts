import type { Datum, Engine } from "../engine.ts";
import type { TrainSettings } from "./train-settings.ts";

/** How far the sampler's arithmetic is from the trainer's. */
export interface ImportanceReport {
  /** Mean of the truncated weights over all tokens. */
  readonly mean: number;
  /** Share of tokens whose weight was truncated. */
  readonly truncated: number;
}

/**
 * Log-probabilities under the policy before the first update. The sampler's own are these, since rollouts are sampled
 * at temperature 1; `forward` computes them again where the sampler is not trusted.
 */
export function oldLogprobs(
  engine: Engine,
  data: readonly Datum[],
  { importanceCap = 0 }: Pick<TrainSettings, "importanceCap">,
): Promise<readonly Float32Array[]> {
  if (importanceCap > 0) return engine.forward(data);
  return Promise.resolve(data.map(({ logprobs }) => logprobs as Float32Array));
}

/**
 * Truncated importance weights: min(π_old/π_sampler, C) on each token. They multiply the advantage, since they are not
 * negative and no gradient flows through them; so every engine and every surrogate has them.
 * @param data with the sampler's log-probabilities
 * @param old under the policy before the first update, as the trainer computes them
 * @see Yao et al. 2025, *Your Efficient RL Framework Secretly Brings You Off-Policy RL Training*
 */
export function weighted(
  data: readonly Datum[],
  old: readonly Float32Array[],
  cap: number,
): { readonly data: readonly Datum[]; readonly report: ImportanceReport } {
  let [tokens, sum, truncated] = [0, 0, 0];
  const result = data.map((datum, i) => {
    const logprobs = old[i] as Float32Array;
    const weights = datum.weights.map((weight, t) => {
      const ratio = Math.exp((logprobs[t] as number) - (datum.logprobs?.[t] as number));
      const importance = Math.min(ratio, cap);
      tokens++;
      sum += importance;
      if (ratio > cap) truncated++;
      return weight * importance;
    });
    return { ...datum, weights, logprobs };
  });
  return { data: result, report: { mean: sum / tokens, truncated: truncated / tokens } };
}
