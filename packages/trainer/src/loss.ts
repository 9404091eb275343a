import { RrrError } from "@rrr/core";
import type { Datum, Loss, LossReport } from "./engine.ts";
import { policyTerms, type Term } from "./surrogate.ts";

/** A loss at given log-probabilities, and how it changes with each of them. */
export interface LossTerms {
  readonly report: LossReport;
  /** ∂loss/∂log π of each target token, one array per datum, each of its length T. */
  readonly slopes: readonly Float64Array[];
}

/**
 * The losses of the contract by their definition, for engines that differentiate log-probabilities and nothing
 * else: clipping, KL penalty and normalisation are in the slopes. An entropy bonus cannot be: it takes the whole
 * distribution of each token.
 * @param logprobs of each datum's targets under the weights now: what `forward` gives
 * @param call all data of the call, where `data` are a part of them: normalisation is over the call
 * @throws bad-argument for a loss with an entropy bonus
 */
export function lossOf(
  loss: Loss,
  data: readonly Datum[],
  logprobs: readonly ArrayLike<number>[],
  call: readonly Datum[] = data,
): LossTerms {
  if (loss.kind === "policy-gradient" && (loss.entropyCoefficient ?? 0) !== 0) {
    throw new RrrError(
      "bad-argument",
      `entropyCoefficient is ${loss.entropyCoefficient}: log-probabilities of targets do not tell the entropy`,
      { hint: "Leave `entropy` out of the engine's capabilities, so that no run asks for it." },
    );
  }
  const tokens = data.reduce((sum, { targets }) => sum + targets.length, 0);
  const factor = factors(loss, call);
  const sums = { loss: 0, kl: 0, surprise: 0, clipped: 0 };
  const slopes = data.map((datum, i) => {
    const own = logprobs[i] ?? [];
    return Float64Array.from(termsOf(loss, datum, own), (term, t) => {
      const weight = factor(datum, t);
      const now = own[t] ?? Number.NaN;
      sums.loss += weight * term.loss;
      sums.kl += k3(datum, t, now).value;
      sums.surprise -= now;
      sums.clipped += term.clipped ? 1 : 0;
      return weight * term.slope;
    });
  });
  const mean = (sum: number): number => (tokens === 0 ? 0 : sum / tokens);
  const report = {
    loss: sums.loss,
    tokens,
    kl: mean(sums.kl),
    entropyEstimate: mean(sums.surprise),
    clipped: mean(sums.clipped),
  };
  return { report, slopes };
}

/** Each token's loss before normalisation. */
function termsOf(loss: Loss, datum: Datum, logprobs: ArrayLike<number>): readonly Term[] {
  if (loss.kind === "cross-entropy") {
    return Array.from(datum.targets, (_, t) => ({
      loss: -(logprobs[t] ?? Number.NaN),
      slope: -1,
      clipped: false,
    }));
  }
  const terms = policyTerms(loss, datum, logprobs);
  const penalty = loss.klCoefficient;
  if (penalty === 0) return terms;
  return terms.map((term, t) => {
    const kl = k3(datum, t, logprobs[t] ?? Number.NaN);
    return { ...term, loss: term.loss + penalty * kl.value, slope: term.slope + penalty * kl.slope };
  });
}

/** @see J. Schulman, *Approximating KL Divergence*, 2020 */
function k3(
  { reference }: Datum,
  t: number,
  now: number,
): { readonly value: number; readonly slope: number } {
  if (reference === undefined) return { value: 0, slope: 0 };
  const delta = (reference[t] as number) - now;
  return { value: Math.exp(delta) - delta - 1, slope: 1 - Math.exp(delta) };
}

/** The factor of token t of a datum. */
function factors(loss: Loss, call: readonly Datum[]): (datum: Datum, t: number) => number {
  if (loss.kind === "cross-entropy") {
    const total = call.reduce((sum, { weights }) => weights.reduce((all, w) => all + w, sum), 0);
    return ({ weights }, t) => (total === 0 ? 0 : (weights[t] as number) / total);
  }
  const { normalization } = loss;
  switch (normalization.kind) {
    case "grpo":
      return ({ targets }) => 1 / (targets.length * call.length);
    case "dapo": {
      const tokens = call.reduce((sum, { targets }) => sum + targets.length, 0);
      return () => 1 / tokens;
    }
    case "dr_grpo":
      return () => 1 / (normalization.sequences * normalization.maxTokens);
  }
}
