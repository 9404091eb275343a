import type { Datum, PolicyGradientLoss, Surrogate } from "./engine.ts";

/** Names of all surrogates. */
export const SURROGATES: readonly Surrogate[] = ["ppo", "gspo", "cispo"];

/** What a target token adds to a datum's loss, before normalisation. */
export interface Term {
  readonly loss: number;
  /** ∂(sum of the datum's terms)/∂log π of this token. */
  readonly slope: number;
  readonly clipped: boolean;
}

/**
 * The policy term of each token, by its definition.
 * @param logprobs of the targets under the weights now
 * @returns one for each target
 */
export function policyTerms(
  loss: PolicyGradientLoss,
  datum: Datum,
  logprobs: ArrayLike<number>,
): readonly Term[] {
  const { surrogate = "ppo" } = loss;
  const ratios = ratiosOf(loss, datum, logprobs);
  const clipped = clippedTokens(loss, datum, logprobs);
  const terms = ratios.map((ratio, t): Term => {
    const advantage = datum.weights[t] as number;
    const bounded = -bound(loss, ratio) * advantage;
    const isClipped = clipped[t] as boolean;
    if (surrogate === "cispo") {
      return { loss: bounded * (logprobs[t] as number), slope: bounded, clipped: isClipped };
    }
    const policy = isClipped ? bounded : -ratio * advantage;
    return { loss: policy, slope: isClipped ? 0 : policy, clipped: isClipped };
  });
  if (surrogate !== "gspo") return terms;
  // Each log-probability moves the ratio of the whole sequence, by its share of the mean.
  const slope = terms.reduce((sum, term) => sum + term.slope, 0) / terms.length;
  return terms.map((term) => ({ ...term, slope }));
}

/** Which tokens' ratios are clipped: those whose bound counts, or with `cispo` any with an advantage. */
export function clippedTokens(
  loss: Pick<PolicyGradientLoss, "surrogate" | "clipLow" | "clipHigh">,
  datum: Datum,
  logprobs: ArrayLike<number>,
): readonly boolean[] {
  return ratiosOf(loss, datum, logprobs).map((ratio, t) => {
    const advantage = datum.weights[t] as number;
    const bounded = bound(loss, ratio);
    return loss.surrogate === "cispo"
      ? ratio !== bounded && advantage !== 0
      : ratio * advantage > bounded * advantage;
  });
}

function ratiosOf(
  { surrogate }: Pick<PolicyGradientLoss, "surrogate">,
  { targets, logprobs: old }: Datum,
  logprobs: ArrayLike<number>,
): readonly number[] {
  const logs = Array.from(targets, (_, t) => (logprobs[t] ?? Number.NaN) - (old?.[t] ?? Number.NaN));
  if (surrogate !== "gspo") return logs.map(Math.exp);
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  return logs.map(() => Math.exp(mean));
}

function bound({ clipLow, clipHigh }: Pick<PolicyGradientLoss, "clipLow" | "clipHigh">, ratio: number) {
  return Math.min(Math.max(ratio, 1 - clipLow), 1 + clipHigh);
}
