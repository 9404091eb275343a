import { RrrError } from "@rrr/core";
import type { WireDatum } from "@rrr/tinker-protocol";

/** What a loss makes of a datum: its value, and how it changes with each token's log-probability. */
export interface DatumLoss {
  readonly loss: number;
  readonly slopes: Float64Array;
}

interface Token {
  /** log π now. */
  readonly now: number;
  /** π / π_old. */
  readonly ratio: number;
  readonly advantage: number;
}

type Term = (token: Token, low: number, high: number) => { readonly loss: number; readonly slope: number };

/** One token's loss, and its slope by log π. @see Schulman et al. 2017, arXiv 1707.06347; MiniMax 2025, arXiv 2506.13585 */
const POLICY: Readonly<Record<string, Term>> = {
  importance_sampling: ({ ratio, advantage }) => ({ loss: -ratio * advantage, slope: -ratio * advantage }),
  ppo({ ratio, advantage }, low, high) {
    const bounded = Math.min(Math.max(ratio, low), high) * advantage;
    const isClipped = ratio * advantage > bounded;
    return { loss: -(isClipped ? bounded : ratio * advantage), slope: isClipped ? 0 : -ratio * advantage };
  },
  cispo({ now, ratio, advantage }, low, high) {
    const bounded = Math.min(Math.max(ratio, low), high);
    return { loss: -bounded * advantage * now, slope: -bounded * advantage };
  },
};

const LOW = 0.8;
const HIGH = 1.2;

/** The losses by their names in the protocol. */
export const LOSSES: readonly string[] = ["cross_entropy", ...Object.keys(POLICY)];

/**
 * The sum over a datum's tokens, each by its weight.
 * @param logprobs of the targets under the weights now
 * @param config `clip_low_threshold` and `clip_high_threshold`, as ratios; default 0.8 and 1.2
 * @throws RrrError `bad-argument` for a loss or an input that is not there, `diverged` for a loss that is no number
 */
export function datumLoss(
  name: string,
  config: Readonly<Record<string, number>>,
  datum: WireDatum,
  logprobs: Float32Array,
): DatumLoss {
  const term = termOf(name);
  const weights = weightsOf(datum);
  const advantages = term && inputOf(datum, "advantages");
  const old = term && inputOf(datum, "logprobs");
  const { clip_low_threshold: low = LOW, clip_high_threshold: high = HIGH } = config;
  let loss = 0;
  const slopes = Float64Array.from(logprobs, (now, t) => {
    const weight = weights[t] as number;
    if (weight === 0) return 0;
    const token = {
      now,
      ratio: Math.exp(now - (old?.[t] ?? now)),
      advantage: advantages?.[t] ?? 0,
    };
    // Without an advantage nothing is to be learned: the ratio, which may be infinite, does not matter.
    if (term !== undefined && token.advantage === 0) return 0;
    const each = term === undefined ? { loss: -now, slope: -1 } : term(token, low, high);
    loss += weight * each.loss;
    return weight * each.slope;
  });
  if (!Number.isFinite(loss) || !slopes.every(Number.isFinite)) {
    throw new RrrError("diverged", `the loss ${name} of a datum is ${loss}`);
  }
  return { loss, slopes };
}

/** What a datum may have besides its tokens. */
const INPUTS: readonly string[] = ["target_tokens", "weights", "advantages", "logprobs"];
const BOUNDS: readonly string[] = ["clip_low_threshold", "clip_high_threshold"];

/**
 * Refuses what a loss would leave out in silence.
 * @throws RrrError `bad-argument` for a setting or an input that it does not have, and for bounds that are none
 */
export function checkAsked(
  name: string,
  config: Readonly<Record<string, number>>,
  data: readonly WireDatum[],
): void {
  const settings = name === "ppo" || name === "cispo" ? BOUNDS : [];
  const unknown = Object.keys(config).find((key) => !settings.includes(key));
  if (unknown !== undefined) {
    const has = settings.length === 0 ? "none" : settings.join(", ");
    throw new RrrError("bad-argument", `loss_fn_config has "${unknown}"; of ${name} this server has ${has}`);
  }
  const { clip_low_threshold: low = LOW, clip_high_threshold: high = HIGH } = config;
  if (!(low >= 0 && low <= high)) {
    throw new RrrError("bad-argument", `the ratio cannot be kept from ${low} to ${high}`, {
      hint: "clip_low_threshold and clip_high_threshold are ratios, such as 0.8 and 1.2.",
    });
  }
  for (const { inputs } of data) {
    const other = Object.keys(inputs).find((key) => !INPUTS.includes(key));
    if (other === undefined) continue;
    throw new RrrError("bad-argument", `loss_fn_inputs has "${other}"; this server has ${INPUTS.join(", ")}`);
  }
}

/** Which targets the loss looks at: those with a weight and, in a policy's loss, an advantage. */
export function counting(name: string, datum: WireDatum): (position: number) => boolean {
  const weights = weightsOf(datum);
  const advantages = termOf(name) && inputOf(datum, "advantages");
  return (t) => weights[t] !== 0 && advantages?.[t] !== 0;
}

/** What a mean over a datum's tokens is divided by; tokens without a weight given count 1 each. */
export function totalWeight(datum: WireDatum): number {
  return weightsOf(datum).reduce((sum, weight) => sum + weight, 0);
}

/** @throws RrrError `bad-argument` for a name that is none */
function termOf(name: string): Term | undefined {
  if (!LOSSES.includes(name)) {
    throw new RrrError("bad-argument", `loss_fn is "${name}"; this server has ${LOSSES.join(", ")}`);
  }
  return POLICY[name];
}

function weightsOf(datum: WireDatum): Float32Array {
  return datum.inputs.weights === undefined
    ? new Float32Array(datum.tokens.length).fill(1)
    : inputOf(datum, "weights");
}

function inputOf({ inputs, tokens }: WireDatum, name: string): Float32Array {
  const tensor = inputs[name];
  if (tensor === undefined) throw new RrrError("bad-argument", `loss_fn_inputs has no ${name}`);
  if (tensor.data.length !== tokens.length) {
    throw new RrrError(
      "bad-argument",
      `${name} has ${tensor.data.length} numbers for ${tokens.length} tokens`,
    );
  }
  return tensor.kind === "floats" ? tensor.data : Float32Array.from(tensor.data);
}
