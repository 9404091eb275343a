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
      const { normalization, ...compiled } = loss;
      return { compiled, weighting: normalization };
    }
  }
}

/** Whether the loss has a KL penalty, which needs log-probabilities under the reference policy. */
export function hasPenalty(loss: CompiledLoss): boolean {
  return loss.kind === "policy-gradient" && loss.klCoefficient !== 0;
}
