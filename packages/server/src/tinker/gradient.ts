import type { ForwardBackwardOutput, ForwardBackwardRequest, WireDatum } from "@rrr/tinker-protocol";
import type { AdamSettings, Datum, Engine, Loss, OptimReport } from "@rrr/trainer";
import { checkAsked, counting, datumLoss, totalWeight } from "./loss.ts";
import type { Reduction } from "./served.ts";
import { partings, toDatum } from "./to-datum.ts";

/** Neither bound is ever reached, and the sum over all tokens is divided by 1: Σ −weight·ratio, its slope at ratio 1. */
const CARRIER: Loss = {
  kind: "policy-gradient",
  clipLow: 1e30,
  clipHigh: 1e30,
  klCoefficient: 0,
  normalization: { kind: "dr_grpo", sequences: 1, maxTokens: 1 },
};

/** A datum whose gradient waits for the step. */
interface Pending {
  readonly datum: Datum;
  readonly logprobs: Float32Array;
  /** −∂loss/∂log π of each token. */
  readonly coefficients: Float64Array;
}

/**
 * The gradient between two steps. What the losses of the protocol have in common is that they change with
 * log-probabilities alone: each is scored, differentiated here, and carried into the engine by the one loss that all
 * engines have. Until the step nothing is carried: a mean over datums needs their number, and a loss that fails leaves
 * no half of it.
 */
export interface Gradient {
  add(request: ForwardBackwardRequest): Promise<ForwardBackwardOutput>;
  /** Applies what was added, and clears it. */
  step(adam: AdamSettings): Promise<OptimReport>;
  clear(): void;
}

export function createGradient(engine: Engine, reduction: Reduction): Gradient {
  let pending: Pending[] = [];
  return {
    async add({ data, loss, lossConfig, forwardOnly }) {
      checkAsked(loss, lossConfig, data);
      const asked = data.map((datum) => toDatum(datum, counting(loss, datum)));
      const logprobs = await engine.forward(asked);
      const added: Pending[] = [];
      let total = 0;
      for (const [i, datum] of data.entries()) {
        const now = logprobs[i] as Float32Array;
        const { loss: value, slopes } = datumLoss(loss, lossConfig, datum, now);
        const scale = scaleOf(reduction, datum);
        total += value * scale;
        const coefficients = slopes.map((slope) => -slope * scale);
        added.push({ datum: asked[i] as Datum, logprobs: now, coefficients });
      }
      if (!forwardOnly) pending.push(...added);
      const name = reduction === "sum" ? "loss:sum" : "loss:mean";
      const metrics = { [name]: reduction === "sum" ? total : total / Math.max(1, data.length) };
      const outputs = logprobs.map((each, i) => ({ logprobs: withoutPartings(data[i] as WireDatum, each) }));
      return { type: loss, outputs, metrics };
    },
    async step(adam) {
      const batch = pending;
      pending = [];
      const share = reduction === "sum" ? 1 : 1 / Math.max(1, batch.length);
      const data = batch.map(({ datum, logprobs, coefficients }) => ({
        ...datum,
        weights: Float32Array.from(coefficients, (value) => value * share),
        logprobs,
      }));
      if (data.length > 0) await engine.forwardBackward(data, CARRIER);
      return engine.optimStep(adam);
    },
    clear() {
      pending = [];
    },
  };
}

/** Targets that are not the tokens that follow have no score: 0 stands there, as in what clients send. */
function withoutPartings({ tokens, inputs }: WireDatum, logprobs: Float32Array): Float32Array {
  const given = Float32Array.from(logprobs);
  const targets = inputs.target_tokens;
  if (targets?.kind === "ints") for (const i of partings(tokens, targets.data)) given[i] = 0;
  return given;
}

/** Weights that add up to 0 are of a datum that is left out. */
function scaleOf(reduction: Reduction, datum: WireDatum): number {
  if (reduction === "sum") return 1;
  const total = totalWeight(datum);
  return total === 0 ? 0 : 1 / total;
}
