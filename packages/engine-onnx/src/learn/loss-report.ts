import { clippedTokens, type Datum, type LossReport } from "@rrr/trainer";
import { type CompiledLoss, entropyBonus } from "./split-loss.ts";

/** Sums what a `LossReport` averages, over the target tokens of a call. */
export interface LossTally {
  /** @param entropies of the whole distributions, where the loss has a bonus for them */
  add(datum: Datum, logprobs: Float32Array, entropies?: Float32Array): void;
  report(loss: number): LossReport;
}

export function createLossTally(loss: CompiledLoss): LossTally {
  let tokens = 0;
  let surprise = 0;
  let kl = 0;
  let clipped = 0;
  let entropy = 0;
  return {
    add(datum, logprobs, entropies) {
      const { reference } = datum;
      tokens += logprobs.length;
      logprobs.forEach((logprob, t) => {
        surprise -= logprob;
        if (reference !== undefined) {
          const delta = (reference[t] as number) - logprob;
          kl += Math.exp(delta) - delta - 1;
        }
      });
      if (loss.kind === "policy-gradient") {
        for (const isClipped of clippedTokens(loss, datum, logprobs)) if (isClipped) clipped++;
      }
      for (const value of entropies ?? []) entropy += value;
    },
    report: (value) => {
      const mean = (total: number): number => (tokens === 0 ? 0 : total / tokens);
      return {
        ...{ loss: value, tokens, kl: mean(kl), entropyEstimate: mean(surprise), clipped: mean(clipped) },
        ...(entropyBonus(loss) === undefined ? {} : { entropy: mean(entropy) }),
      };
    },
  };
}
