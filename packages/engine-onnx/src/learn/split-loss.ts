import type { Loss, PolicyGradientLoss } from "@rrr/trainer";

/** What of a loss is fixed in its graph: all that the graph's builder gets, and what the graph is kept under. */
export type CompiledLoss =
  | Extract<Loss, { readonly kind: "cross-entropy" }>
  | Omit<PolicyGradientLoss, "normalization">;

/** What of a loss is fed to its graph with every call, as a factor on each token. `weights`: as the data say. */
export type Weighting = { readonly kind: "weights" } | PolicyGradientLoss["normalization"];

/** Takes a loss apart. A field is compiled unless it is taken out here, so none can be missing from a graph's key. */
export function splitLoss(loss: Loss): { readonly compiled: CompiledLoss; readonly weighting: Weighting } {
  switch (loss.kind) {
    case "cross-entropy":
      return { compiled: loss, weighting: { kind: "weights" } };
    case "policy-gradient": {
      const { normalization, surrogate = "ppo", entropyCoefficient = 0, ...common } = loss;
      // What is absent by default is left out, so that the same loss has one graph however it was written down.
      const named = surrogate === "ppo" ? {} : { surrogate };
      const bonus = entropyCoefficient === 0 ? {} : { entropyCoefficient };
      return { compiled: { ...common, ...named, ...bonus }, weighting: normalization };
    }
  }
}

/** Whether the loss has one ratio for each sequence, which needs to know whose each token is. */
export function hasSequenceRatio(loss: CompiledLoss): boolean {
  return loss.kind === "policy-gradient" && loss.surrogate === "gspo";
}

/** The coefficient of the entropy of whole distributions; undefined for a loss without. */
export function entropyBonus(loss: CompiledLoss): number | undefined {
  return loss.kind === "policy-gradient" ? loss.entropyCoefficient : undefined;
}

/** Whether the loss has a KL penalty, which needs log-probabilities under the reference policy. */
export function hasPenalty(loss: CompiledLoss): boolean {
  return loss.kind === "policy-gradient" && loss.klCoefficient !== 0;
}
