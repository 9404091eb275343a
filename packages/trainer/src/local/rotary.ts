import type { DecoderConfig } from "../model-files/config.ts";
import type { RopeScaling } from "../model-files/rope-scaling.ts";

/**
 * How fast each pair of dimensions turns, and what cosines and sines are multiplied by.
 * @returns radians per position, `[rotaryDim / 2]`
 * @see https://github.com/huggingface/transformers/blob/main/src/transformers/modeling_rope_utils.py
 */
export function rotaryFrequencies(config: DecoderConfig): {
  readonly frequencies: readonly number[];
  readonly attentionFactor: number;
} {
  const { ropeTheta, headDim, rotaryDim = headDim, ropeScaling: scaling, maxPositions } = config;
  const half = rotaryDim / 2;
  const plain = Array.from({ length: half }, (_, i) => ropeTheta ** (-i / half));
  switch (scaling?.type) {
    case undefined:
      return { frequencies: plain, attentionFactor: 1 };
    case "linear":
      return { frequencies: plain.map((frequency) => frequency / scaling.factor), attentionFactor: 1 };
    case "llama3":
      return { frequencies: plain.map((frequency) => llama3(frequency, scaling)), attentionFactor: 1 };
    case "yarn": {
      const kept = yarnKept(ropeTheta, rotaryDim, scaling);
      const frequencies = plain.map((frequency, i) => {
        const share = kept(i);
        return frequency * share + (frequency / scaling.factor) * (1 - share);
      });
      return { frequencies, attentionFactor: scaling.attentionFactor };
    }
    case "longrope": {
      // One choice for all sequences: what a token is like must not depend on how long its sequence becomes.
      const isLong = maxPositions > scaling.originalMaxPositions;
      const factors = isLong ? scaling.longFactors : scaling.shortFactors;
      const frequencies = plain.map((frequency, i) => frequency / (factors[i] as number));
      return { frequencies, attentionFactor: scaling.attentionFactor };
    }
  }
}

/** Cosines and sines of rotary positions 0 … length − 1, each `[length, rotaryDim / 2]`. */
export function rotaryTables(
  config: DecoderConfig,
  length: number,
): { readonly cos: Float32Array; readonly sin: Float32Array } {
  const { frequencies, attentionFactor } = rotaryFrequencies(config);
  const half = frequencies.length;
  const cos = new Float32Array(length * half);
  const sin = new Float32Array(length * half);
  for (let position = 0; position < length; position++) {
    frequencies.forEach((frequency, i) => {
      const angle = position * frequency;
      cos[position * half + i] = Math.cos(angle) * attentionFactor;
      sin[position * half + i] = Math.sin(angle) * attentionFactor;
    });
  }
  return { cos, sin };
}

type Scaling<Type> = Extract<RopeScaling, { readonly type: Type }>;

/** By the length of a whole turn, in positions: long ones are slowed down, short ones kept. */
function llama3(frequency: number, scaling: Scaling<"llama3">): number {
  const { factor, lowFreqFactor, highFreqFactor, originalMaxPositions } = scaling;
  const turns = (originalMaxPositions * frequency) / (2 * Math.PI);
  const share = Math.min(1, Math.max(0, (turns - lowFreqFactor) / (highFreqFactor - lowFreqFactor)));
  return frequency * share + (frequency / factor) * (1 - share);
}

/** For each pair of dimensions the share in which its frequency is kept: 1 for the fast ones, 0 for the slow. */
function yarnKept(theta: number, dimensions: number, scaling: Scaling<"yarn">): (pair: number) => number {
  const { betaFast, betaSlow, truncate, originalMaxPositions } = scaling;
  /** The pair that makes this many turns over the original context, as a fraction. */
  const pairOf = (turns: number): number =>
    (dimensions * Math.log(originalMaxPositions / (turns * 2 * Math.PI))) / (2 * Math.log(theta));
  const first = pairOf(betaFast);
  const last = pairOf(betaSlow);
  const low = Math.max(truncate ? Math.floor(first) : first, 0);
  const high = Math.min(truncate ? Math.ceil(last) : last, dimensions - 1);
  const width = low === high ? 0.001 : high - low;
  return (pair) => 1 - Math.min(1, Math.max(0, (pair - low) / width));
}
