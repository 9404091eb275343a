import { add, clip, exp, type Graph, minimum, mul, neg, sub, sum, type Tensor } from "@rrr/autodiff";
import type { Datum, Loss } from "@rrr/trainer";

/**
 * The loss of each scored token. Cross-entropy: −log π. Policy gradient: −min(ρA, clip(ρ)A) + β·k3, where ρ = π/π_old
 * and k3 = exp(Δ) − Δ − 1 with Δ = log π_ref − log π.
 * @see Schulman et al. 2017, arXiv 1707.06347, equation 7; J. Schulman, *Approximating KL Divergence*, 2020
 */
export function tokenLosses(graph: Graph, logprobs: Tensor, loss: Loss, hasReference: boolean): Tensor {
  if (loss.kind === "cross-entropy") return neg(logprobs);
  const ratio = exp(sub(logprobs, graph.input("sampled", logprobs.shape)));
  const advantages = graph.input("advantages", logprobs.shape);
  const clipped = clip(ratio, 1 - loss.clipLow, 1 + loss.clipHigh);
  const policy = neg(minimum(mul(ratio, advantages), mul(clipped, advantages)));
  if (loss.klCoefficient === 0 || !hasReference) return policy;
  const delta = sub(graph.input("reference", logprobs.shape), logprobs);
  return add(policy, mul(sub(sub(exp(delta), delta), 1), loss.klCoefficient));
}

/** Σ weight · loss over the scored tokens: normalisation is in the weights. */
export function totalLoss(graph: Graph, losses: Tensor): Tensor {
  return sum(mul(losses, graph.input("weights", losses.shape)));
}

/** The factor on each target token's loss, one array per datum, so that the call's total is normalised as asked. */
export function tokenWeights(data: readonly Datum[], loss: Loss): readonly Float32Array[] {
  if (loss.kind === "cross-entropy") {
    let total = 0;
    for (const { weights } of data) for (const weight of weights) total += weight;
    return data.map(({ weights }) => weights.map((weight) => (total === 0 ? 0 : weight / total)));
  }
  const { normalization } = loss;
  const tokens = data.reduce((total, { targets }) => total + targets.length, 0);
  const divisor = (count: number): number => {
    if (normalization.kind === "dr_grpo") return normalization.sequences * normalization.maxTokens;
    return normalization.kind === "dapo" ? tokens : count * data.length;
  };
  return data.map(({ targets: { length } }) => new Float32Array(length).fill(1 / divisor(length)));
}
