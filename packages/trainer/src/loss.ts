import type { Datum, Loss, LossReport } from "./engine.ts";

/** A loss at given log-probabilities, and how it changes with each of them. */
export interface LossTerms {
  readonly report: LossReport;
  /** ∂loss/∂log π of each target token, one array per datum, each of its length T. */
  readonly slopes: readonly Float64Array[];
}

/**
 * The losses of the contract by their definition, for engines that differentiate log-probabilities and nothing
 * else: clipping, KL penalty and normalisation are in the slopes.
 * @param logprobs of each datum's targets under the weights now: what `forward` gives
 */
export function lossOf(
  loss: Loss,
  data: readonly Datum[],
  logprobs: readonly ArrayLike<number>[],
): LossTerms {
  const tokens = data.reduce((sum, { targets }) => sum + targets.length, 0);
  const factor = factors(loss, data, tokens);
  const sums = { loss: 0, kl: 0, surprise: 0, clipped: 0 };
  const slopes = data.map((datum, i) =>
    Float64Array.from(datum.targets, (_, t) => {
      const now = logprobs[i]?.[t] ?? Number.NaN;
      const term = termOf(loss, datum, t, now);
      const weight = factor(i, t);
      sums.loss += weight * term.loss;
      sums.kl += k3(datum, t, now).value;
      sums.surprise -= now;
      sums.clipped += term.clipped ? 1 : 0;
      return weight * term.slope;
    }),
  );
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

interface Term {
  readonly loss: number;
  readonly slope: number;
  readonly clipped: boolean;
}

/** One token's loss before normalisation. */
function termOf(loss: Loss, datum: Datum, t: number, now: number): Term {
  if (loss.kind === "cross-entropy") return { loss: -now, slope: -1, clipped: false };
  const advantage = datum.weights[t] as number;
  const ratio = Math.exp(now - (datum.logprobs?.[t] ?? Number.NaN));
  const bounded = Math.min(Math.max(ratio, 1 - loss.clipLow), 1 + loss.clipHigh);
  const clipped = ratio * advantage > bounded * advantage;
  const policy = -(clipped ? bounded : ratio) * advantage;
  const kl = k3(datum, t, now);
  if (loss.klCoefficient === 0) return { loss: policy, slope: clipped ? 0 : policy, clipped };
  const penalty = loss.klCoefficient;
  return { loss: policy + penalty * kl.value, slope: (clipped ? 0 : policy) + penalty * kl.slope, clipped };
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

/** The factor of token t of datum i. */
function factors(loss: Loss, data: readonly Datum[], tokens: number): (i: number, t: number) => number {
  if (loss.kind === "cross-entropy") {
    const total = data.reduce((sum, { weights }) => weights.reduce((all, w) => all + w, sum), 0);
    return (i, t) => (total === 0 ? 0 : (data[i]?.weights[t] as number) / total);
  }
  const { normalization } = loss;
  switch (normalization.kind) {
    case "grpo":
      return (i) => 1 / ((data[i] as Datum).targets.length * data.length);
    case "dapo":
      return () => 1 / tokens;
    case "dr_grpo":
      return () => 1 / (normalization.sequences * normalization.maxTokens);
  }
}
