import type { Tensor, WireDatum } from "@rrr/tinker-protocol";
import type { Datum } from "@rrr/trainer";

/**
 * How a server makes one loss of a call's tokens. `sum`: over all of them. `datum-mean`: mean over the datums since the
 * last step of each one's mean over its weighted tokens.
 */
export type Reduction = "sum" | "datum-mean";

/** The loss that carries ours: at a ratio of exactly 1 its slope is the advantage, whatever the server clips. */
export const CARRIER = "importance_sampling";

/** A sequence as the protocol has it: its targets are its tokens, one on. Prompt tokens are targets without a weight. */
export function toWire(datum: Datum, inputs: Readonly<Record<string, Float32Array>> = {}): WireDatum {
  const { prompt, targets } = datum;
  const full = Int32Array.from([...prompt, ...targets]);
  const floats = Object.entries(inputs).map(([name, values]): [string, Tensor] => {
    const data = new Float32Array(full.length - 1);
    data.set(values, prompt.length - 1);
    return [name, { kind: "floats", data }];
  });
  const target_tokens: Tensor = { kind: "ints", data: full.slice(1) };
  return { tokens: full.slice(0, -1), inputs: { target_tokens, ...Object.fromEntries(floats) } };
}

/** What a server gives for each token, for the targets alone. */
export function ofTargets({ prompt, targets }: Datum, values: Float32Array): Float32Array | undefined {
  const found = values.slice(prompt.length - 1);
  return found.length === targets.length ? found : undefined;
}

/** A datum, its log-probabilities now, and how the loss changes with each of them. */
export interface Differentiated {
  readonly datum: Datum;
  readonly now: Float32Array;
  readonly slopes: Float64Array;
}

/** What was differentiated, as it is sent. */
export interface Carried extends Differentiated {
  readonly wire: WireDatum;
}

/** A gradient as data of the carrier: Σ slope · ∂log π, however the server reduces. */
export function carried(all: readonly Differentiated[], reduction: Reduction): readonly Carried[] {
  const withSlope = all.filter(({ slopes }) => slopes.some((slope) => slope !== 0));
  // A step follows a call, even where there is nothing to learn.
  const sent = withSlope.length > 0 ? withSlope : all.slice(0, 1);
  return sent.map((each) => {
    const { datum, now, slopes } = each;
    const length = datum.targets.length;
    if (reduction === "sum") {
      const advantages = Float32Array.from(slopes, (slope) => -slope);
      return { ...each, wire: toWire(datum, { logprobs: now, advantages }) };
    }
    // Its mean is over the targets and the datums: both are multiplied in, so that they cancel.
    const advantages = Float32Array.from(slopes, (slope) => -slope * length * sent.length);
    const weights = new Float32Array(length).fill(1);
    return { ...each, wire: toWire(datum, { logprobs: now, advantages, weights }) };
  });
}
