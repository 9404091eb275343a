import { isPositive, type Json, positive, refuse, size, wrong } from "./fields.ts";

/**
 * How rotary positions are stretched beyond the context that a model was first trained with. Names and formulas are
 * those of transformers.
 * @see https://github.com/huggingface/transformers/blob/main/src/transformers/modeling_rope_utils.py
 */
export type RopeScaling = LinearScaling | Llama3Scaling | YarnScaling | LongRopeScaling;

interface LinearScaling {
  readonly type: "linear";
  readonly factor: number;
}

/** Llama 3.1 and later: slow rotations are slowed down by `factor`, fast ones kept, those between interpolated. */
interface Llama3Scaling {
  readonly type: "llama3";
  readonly factor: number;
  readonly lowFreqFactor: number;
  readonly highFreqFactor: number;
  readonly originalMaxPositions: number;
}

/** @see https://arxiv.org/abs/2309.00071 */
interface YarnScaling {
  readonly type: "yarn";
  readonly factor: number;
  /** Cosines and sines are multiplied by it. */
  readonly attentionFactor: number;
  /** Rotations over the original context, between which frequencies are interpolated in part. */
  readonly betaFast: number;
  readonly betaSlow: number;
  /** Whether the dimensions of these are rounded to whole ones. */
  readonly truncate: boolean;
  readonly originalMaxPositions: number;
}

/** Phi-3: a divisor for each frequency, others for a longer context. @see https://arxiv.org/abs/2402.13753 */
interface LongRopeScaling {
  readonly type: "longrope";
  /** `[rotaryDim / 2]` each. */
  readonly shortFactors: readonly number[];
  readonly longFactors: readonly number[];
  /** Cosines and sines are multiplied by it. */
  readonly attentionFactor: number;
  /** A context beyond this takes the long factors. */
  readonly originalMaxPositions: number;
  /** `max_position_embeddings`: how far the long factors reach. */
  readonly extendedMaxPositions: number;
}

export const MOST_POSITIONS: number = 2 ** 30;
/** The longest context in use is 256 times the original one. */
const MOST_FACTOR = 2 ** 16;

/**
 * @param own the object that describes the scaling, without what is null
 * @param field its name in config.json
 * @param json all of config.json
 * @throws bad-model
 */
export function parseScaling(
  type: RopeScaling["type"],
  own: Json,
  field: string,
  json: Json,
  rotaryDim: number,
): RopeScaling {
  const at = (name: string): string => `${field}.${name}`;
  const named: Json = Object.fromEntries(Object.entries(own).map(([name, value]) => [at(name), value]));
  const factor = (name: string): number => {
    const value = positive(named, at(name));
    if (value > MOST_FACTOR) throw wrong(at(name), value, `a number up to ${MOST_FACTOR}`);
    return value;
  };
  const optional = (name: string): number | undefined => (name in own ? factor(name) : undefined);
  const factors = (name: string): readonly number[] => {
    const list = own[name];
    const isList = Array.isArray(list) && list.length === rotaryDim / 2;
    if (!isList || !list.every((value) => isPositive(value) && value <= MOST_FACTOR)) {
      throw wrong(at(name), list, `a list of ${rotaryDim / 2} numbers above 0 and up to ${MOST_FACTOR}`);
    }
    return list;
  };
  const maxPositions = size(json, "max_position_embeddings", MOST_POSITIONS);
  const original = (): number => {
    const name = "original_max_position_embeddings";
    // As in transformers, what stands beside the scaling goes before what stands in it.
    if ((json[name] ?? null) !== null) return size(json, name, MOST_POSITIONS);
    return name in own ? size(named, at(name), MOST_POSITIONS) : maxPositions;
  };

  switch (type) {
    case "linear":
      return { type, factor: factor("factor") };
    case "llama3": {
      const [lowFreqFactor, highFreqFactor] = [factor("low_freq_factor"), factor("high_freq_factor")];
      if (highFreqFactor <= lowFreqFactor) {
        throw wrong(at("high_freq_factor"), highFreqFactor, `above low_freq_factor, ${lowFreqFactor}`);
      }
      const originalMaxPositions = original();
      return { type, factor: factor("factor"), lowFreqFactor, highFreqFactor, originalMaxPositions };
    }
    case "yarn": {
      refuse(named, at("truncate"), (value) => value === undefined || typeof value === "boolean");
      const by = factor("factor");
      const weights = [optional("mscale"), optional("mscale_all_dim")] as const;
      return {
        type,
        factor: by,
        attentionFactor: optional("attention_factor") ?? yarnAttention(by, weights),
        betaFast: optional("beta_fast") ?? 32,
        betaSlow: optional("beta_slow") ?? 1,
        truncate: own.truncate !== false,
        originalMaxPositions: original(),
      };
    }
    case "longrope": {
      const originalMaxPositions = original();
      const by = optional("factor") ?? maxPositions / originalMaxPositions;
      const known = by <= 1 ? 1 : Math.sqrt(1 + Math.log(by) / Math.log(originalMaxPositions));
      if (!Number.isFinite(known)) {
        throw wrong("original_max_position_embeddings", originalMaxPositions, "a number above 1");
      }
      return {
        type,
        shortFactors: factors("short_factor"),
        longFactors: factors("long_factor"),
        attentionFactor: optional("attention_factor") ?? known,
        originalMaxPositions,
        extendedMaxPositions: maxPositions,
      };
    }
  }
}

/** Over longer contexts attention is flatter, which this makes up for. */
function yarnAttention(
  by: number,
  [weight, weightOfAll]: readonly [number | undefined, number | undefined],
): number {
  const scale = (weight: number): number => (by <= 1 ? 1 : 0.1 * weight * Math.log(by) + 1);
  return weight !== undefined && weightOfAll !== undefined ? scale(weight) / scale(weightOfAll) : scale(1);
}

/** The object that `parseScaling` reads, without its type. */
export function writeScaling(scaling: RopeScaling): Json {
  const original = (positions: number): Json => ({ original_max_position_embeddings: positions });
  switch (scaling.type) {
    case "linear":
      return { factor: scaling.factor };
    case "llama3":
      return {
        factor: scaling.factor,
        low_freq_factor: scaling.lowFreqFactor,
        high_freq_factor: scaling.highFreqFactor,
        ...original(scaling.originalMaxPositions),
      };
    case "yarn":
      return {
        factor: scaling.factor,
        attention_factor: scaling.attentionFactor,
        beta_fast: scaling.betaFast,
        beta_slow: scaling.betaSlow,
        truncate: scaling.truncate,
        ...original(scaling.originalMaxPositions),
      };
    case "longrope":
      return {
        short_factor: scaling.shortFactors,
        long_factor: scaling.longFactors,
        factor: scaling.extendedMaxPositions / scaling.originalMaxPositions,
        attention_factor: scaling.attentionFactor,
        ...original(scaling.originalMaxPositions),
      };
  }
}
