import { add, clip, exp, type Graph, minimum, mul, neg, sub, sum, type Tensor } from "@rrr/autodiff";
import type { Datum } from "@rrr/trainer";
import { type CompiledLoss, hasPenalty, type Weighting } from "./split-loss.ts";

/**
 * The loss of each scored token. Cross-entropy: −log π. Policy gradient: −min(ρA, clip(ρ)A) + β·k3, where ρ = π/π_old
 * and k3 = exp(Δ) − Δ − 1 with Δ = log π_ref − log π.
 * @see Schulman et al. 2017, arXiv 1707.06347, equation 7; J. Schulman, *Approximating KL Divergence*, 2020
 */
export function tokenLosses(graph: Graph, logprobs: Tensor, loss: CompiledLoss): Tensor {
  if (loss.kind === "cross-entropy") return neg(logprobs);
  const ratio = exp(sub(logprobs, graph.input("sampled", logprobs.shape)));
  const advantages = graph.input("advantages", logprobs.shape);
  const clipped = clip(ratio, 1 - loss.clipLow, 1 + loss.clipHigh);
  const policy = neg(minimum(mul(ratio, advantages), mul(clipped, advantages)));
  if (!hasPenalty(loss)) return policy;
  const delta = sub(graph.input("reference", logprobs.shape), logprobs);
  return add(policy, mul(sub(sub(exp(delta), delta), 1), loss.klCoefficient));
}

/** Σ factor · loss over the scored tokens: normalisation is in the factors. */
export function totalLoss(graph: Graph, losses: Tensor): Tensor {
  return sum(mul(losses, graph.input("factors", losses.shape)));
}

/** The factor on each target token's loss, one array per datum, so that the call's total is normalised as asked. */
export function tokenFactors(data: readonly Datum[], weighting: Weighting): readonly Float32Array[] {
  const dividedBy = (divisor: (count: number) => number): readonly Float32Array[] =>
    data.map(({ targets: { length } }) => new Float32Array(length).fill(1 / divisor(length)));
  switch (weighting.kind) {
    case "weights": {
      let total = 0;
      for (const { weights } of data) for (const weight of weights) total += weight;
      return data.map(({ weights }) => weights.map((weight) => (total === 0 ? 0 : weight / total)));
    }
    case "grpo":
      return dividedBy((count) => count * data.length);
    case "dapo": {
      const tokens = data.reduce((total, { targets }) => total + targets.length, 0);
      return dividedBy(() => tokens);
    }
    case "dr_grpo":
      return dividedBy(() => weighting.sequences * weighting.maxTokens);
  }
}
