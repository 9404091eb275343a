import { RrrError } from "@rrr/core";
import { show } from "./show.ts";

/** A decoder-only transformer with RMSNorm, rotary positions, grouped-query attention and SwiGLU. */
export interface DecoderConfig {
  /** Families differ in details that the weights' names do not show (Qwen3: QK-norm, no biases). */
  readonly modelType: "qwen3";
  readonly vocabSize: number;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly numLayers: number;
  readonly numHeads: number;
  /** Divides `numHeads`. */
  readonly numKvHeads: number;
  /** Even: rotary positions turn pairs of dimensions. */
  readonly headDim: number;
  readonly ropeTheta: number;
  readonly rmsNormEps: number;
  /** Whether the output projection is the embedding matrix. */
  readonly tieWordEmbeddings: boolean;
  /** Longest sequence in tokens. */
  readonly maxPositions: number;
  readonly eosTokenIds: readonly number[];
}

type Json = Readonly<Record<string, unknown>>;

/**
 * What transformers takes where a config.json says nothing. Sizes without a sensible default are asked for.
 * @see https://github.com/huggingface/transformers/blob/main/src/transformers/models/qwen3/configuration_qwen3.py
 */
const DEFAULTS = {
  num_key_value_heads: 32,
  head_dim: 128,
  rope_theta: 10_000,
  rms_norm_eps: 1e-6,
  tie_word_embeddings: false,
  max_position_embeddings: 32_768,
} as const;

/** One entry per supported `model_type`; what a family adds to the common fields is checked here. */
const families: Readonly<Record<DecoderConfig["modelType"], (json: Json) => void>> = {
  qwen3(json) {
    refuse(json, "hidden_act", (value) => value === undefined || value === "silu");
    refuse(json, "attention_bias", (value) => value === undefined || value === false);
    refuse(json, "use_sliding_window", (value) => value === undefined || value === false);
  },
};

/**
 * Reads the content of a Hugging Face `config.json`.
 * @throws bad-model for an unknown architecture, an unsupported feature or a field that makes no sense.
 */
export function parseConfig(content: unknown): DecoderConfig {
  if (!isObject(content)) throw new RrrError("bad-model", "config.json is not a JSON object");
  const said = Object.entries(content).filter(([, value]) => value !== undefined);
  const json: Json = { ...DEFAULTS, ...Object.fromEntries(said) };
  const modelType = json.model_type;
  if (typeof modelType !== "string" || !Object.hasOwn(families, modelType)) {
    throw new RrrError(
      "bad-model",
      `architecture ${show(modelType)} is not supported (supported: ${Object.keys(families).join(", ")})`,
      { hint: "Choose a model whose config.json has one of these as its model_type." },
    );
  }
  const family = modelType as DecoderConfig["modelType"];
  families[family](json);
  if (json.quantization_config) {
    throw new RrrError("bad-model", "config.json: quantization_config says that the weights are quantised", {
      hint: "Take the model that it was made from, whose weights are in bfloat16, float16 or float32.",
    });
  }
  const rope = ropeParameters(json);
  const numHeads = size(json, "num_attention_heads", 2 ** 12);
  const hiddenSize = size(json, "hidden_size", 2 ** 17);
  const config: DecoderConfig = {
    modelType: family,
    vocabSize: size(json, "vocab_size", 2 ** 22),
    hiddenSize,
    intermediateSize: size(json, "intermediate_size", 2 ** 20),
    numLayers: size(json, "num_hidden_layers", 1024),
    numHeads,
    numKvHeads: json.num_key_value_heads === null ? numHeads : size(json, "num_key_value_heads", 2 ** 12),
    headDim: size(json, "head_dim", 2 ** 12),
    ropeTheta: positive(rope, "rope_theta"),
    rmsNormEps: positive(json, "rms_norm_eps"),
    tieWordEmbeddings: json.tie_word_embeddings === true,
    maxPositions: size(json, "max_position_embeddings", 2 ** 30),
    eosTokenIds: tokenIds(json.eos_token_id),
  };
  refuse(json, "tie_word_embeddings", (value) => typeof value === "boolean");
  if (content.head_dim === undefined && hiddenSize % numHeads !== 0) {
    throw wrong("num_attention_heads", numHeads, `a divisor of the hidden_size ${hiddenSize}`);
  }
  if (config.headDim % 2 !== 0) throw wrong("head_dim", config.headDim, "an even number");
  if (config.numHeads % config.numKvHeads !== 0) {
    throw wrong("num_key_value_heads", config.numKvHeads, `a divisor of ${config.numHeads}`);
  }
  return config;
}

/** The `config.json` with which Hugging Face transformers loads the same model. */
export function toHuggingFaceConfig(config: DecoderConfig): Record<string, unknown> {
  return {
    architectures: ["Qwen3ForCausalLM"],
    model_type: config.modelType,
    vocab_size: config.vocabSize,
    hidden_size: config.hiddenSize,
    intermediate_size: config.intermediateSize,
    num_hidden_layers: config.numLayers,
    num_attention_heads: config.numHeads,
    num_key_value_heads: config.numKvHeads,
    head_dim: config.headDim,
    hidden_act: "silu",
    attention_bias: false,
    attention_dropout: 0,
    rope_theta: config.ropeTheta,
    rope_scaling: null,
    rms_norm_eps: config.rmsNormEps,
    tie_word_embeddings: config.tieWordEmbeddings,
    max_position_embeddings: config.maxPositions,
    use_sliding_window: false,
    initializer_range: 0.02,
    eos_token_id: config.eosTokenIds.length === 1 ? config.eosTokenIds[0] : config.eosTokenIds,
    use_cache: true,
  };
}

/** `eos_token_id` of config.json and generation_config.json: absent, null, a number or a list. */
export function tokenIds(value: unknown): readonly number[] {
  const list = value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
  for (const id of list) {
    if (!Number.isSafeInteger(id) || id < 0)
      throw wrong("eos_token_id", value, "a token id or a list of them");
  }
  return list;
}

/** `rope_theta` is a field of its own up to transformers 4, and part of `rope_parameters` from 5 on. */
function ropeParameters(json: Json): Json {
  for (const field of ["rope_scaling", "rope_parameters"]) {
    refuse(json, field, (value) => {
      if (value === undefined || value === null) return true;
      return isObject(value) && (value.rope_type ?? value.type ?? "default") === "default";
    });
  }
  return isObject(json.rope_parameters) ? { ...json, ...json.rope_parameters } : json;
}

function refuse(json: Json, field: string, supported: (value: unknown) => boolean): void {
  if (!supported(json[field])) throw wrong(field, json[field], "a supported value");
}

/** @param most far above the largest model that there is: sizes become arrays and loops */
function size(json: Json, field: string, most: number): number {
  const value = json[field];
  if (!Number.isSafeInteger(value) || (value as number) < 1 || (value as number) > most) {
    throw wrong(field, value, `a whole number from 1 to ${most}`);
  }
  return value as number;
}

function positive(json: Json, field: string): number {
  const value = json[field];
  if (typeof value !== "number" || !(value > 0 && value < Number.POSITIVE_INFINITY))
    throw wrong(field, value, "a finite number above 0");
  return value;
}

function wrong(field: string, value: unknown, expected: string): RrrError {
  return new RrrError("bad-model", `config.json: ${field} is ${show(value)}, not ${expected}`, {
    hint: "Choose a Qwen3 model without this, or download config.json again if it was edited.",
  });
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
