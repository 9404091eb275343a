import {
  add,
  clip,
  exp,
  type Graph,
  minimum,
  mul,
  neg,
  stopGradient,
  sub,
  sum,
  type Tensor,
} from "@rrr/autodiff";
import type { Datum } from "@rrr/trainer";
import { type CompiledLoss, hasPenalty, type Weighting } from "./split-loss.ts";
import { sumPerSequence } from "./sum-per-sequence.ts";

/**
 * The loss of each scored token. Cross-entropy: −log π. Policy gradient: surrogate + β·k3, where k3 = exp(Δ) − Δ − 1
 * with Δ = log π_ref − log π.
 * @see J. Schulman, *Approximating KL Divergence*, 2020
 */
export function tokenLosses(graph: Graph, logprobs: Tensor, loss: CompiledLoss): Tensor {
  if (loss.kind === "cross-entropy") return neg(logprobs);
  const policy = policyTerms(graph, logprobs, loss);
  return hasPenalty(loss) ? add(policy, penalty(graph, logprobs, loss.klCoefficient)) : policy;
}

/** @see `Surrogate` of the contract */
function policyTerms(
  graph: Graph,
  logprobs: Tensor,
  { surrogate = "ppo", clipLow, clipHigh }: Exclude<CompiledLoss, { readonly kind: "cross-entropy" }>,
): Tensor {
  const logRatio = sub(logprobs, graph.input("sampled", logprobs.shape));
  const ratio = exp(surrogate === "gspo" ? meanPerSequence(graph, logRatio) : logRatio);
  const advantages = graph.input("advantages", logprobs.shape);
  const clipped = clip(ratio, 1 - clipLow, 1 + clipHigh);
  if (surrogate === "cispo") return neg(mul(mul(stopGradient(clipped), advantages), logprobs));
  return neg(minimum(mul(ratio, advantages), mul(clipped, advantages)));
}

/** Of the slots of the same sequence, for each of them. `shares`: 1 / their number, 0 for padding. */
function meanPerSequence(graph: Graph, x: Tensor): Tensor {
  const sequences = graph.input("sequences", x.shape, "int32");
  return sumPerSequence(mul(x, graph.input("shares", x.shape)), sequences);
}

function penalty(graph: Graph, logprobs: Tensor, coefficient: number): Tensor {
  const delta = sub(graph.input("reference", logprobs.shape), logprobs);
  return mul(sub(sub(exp(delta), delta), 1), coefficient);
}

/** Σ factor · loss over the scored tokens: normalisation is in the factors. */
export function totalLoss(graph: Graph, losses: Tensor): Tensor {
  return sum(mul(losses, graph.input("factors", losses.shape)));
}

/**
 * What an entropy bonus adds to the loss: −c · Σ even factor · entropy. The mean over a call's tokens does not follow
 * the normalisation, so that c means the same under each.
 * @param distributions log-probabilities, `[slots, vocabulary]`
 * @returns the entropies too, nats, `[slots]`
 */
export function entropyTerm(
  graph: Graph,
  distributions: Tensor,
  coefficient: number,
): { readonly term: Tensor; readonly entropies: Tensor } {
  const entropies = neg(sum(mul(exp(distributions), distributions), { axes: [1] }));
  const even = graph.input("evenFactors", entropies.shape);
  return { term: mul(sum(mul(entropies, even)), -coefficient), entropies };
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
