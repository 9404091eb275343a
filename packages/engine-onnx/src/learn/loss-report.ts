import type { Datum, LossReport } from "@rrr/trainer";
import type { CompiledLoss } from "./split-loss.ts";

/** Sums what a `LossReport` averages, over the target tokens of a call. */
export interface LossTally {
  add(datum: Datum, logprobs: Float32Array): void;
  report(loss: number): LossReport;
}

export function createLossTally(loss: CompiledLoss): LossTally {
  let tokens = 0;
  let surprise = 0;
  let kl = 0;
  let clipped = 0;
  return {
    add({ weights, logprobs: sampled, reference }, logprobs) {
      tokens += logprobs.length;
      logprobs.forEach((logprob, t) => {
        surprise -= logprob;
        if (reference !== undefined) {
          const delta = (reference[t] as number) - logprob;
          kl += Math.exp(delta) - delta - 1;
        }
        if (loss.kind === "policy-gradient" && sampled !== undefined) {
          const ratio = Math.exp(logprob - (sampled[t] as number));
          const advantage = weights[t] as number;
          const high = advantage > 0 && ratio > 1 + loss.clipHigh;
          if (high || (advantage < 0 && ratio < 1 - loss.clipLow)) clipped++;
        }
      });
    },
    report: (value) => {
      const mean = (total: number): number => (tokens === 0 ? 0 : total / tokens);
      return { loss: value, tokens, kl: mean(kl), entropyEstimate: mean(surprise), clipped: mean(clipped) };
    },
  };
}
