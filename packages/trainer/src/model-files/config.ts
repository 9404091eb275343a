import { RrrError } from "@rrr/core";
import { FAMILIES, type FamilyName, familyOf, isFamily } from "./families.ts";
import { isObject, type Json, positive, refuse, size, wrong } from "./fields.ts";
import { parseRope, writeRope } from "./rope.ts";
import { MOST_POSITIONS, type RopeScaling } from "./rope-scaling.ts";
import { show } from "./show.ts";

/** A projection of a layer that has one of its own in every family that can add a bias. */
export type Projection = `self_attn.${"q" | "k" | "v" | "o"}_proj` | `mlp.${"gate" | "up" | "down"}_proj`;

/** A decoder-only transformer with RMSNorm, rotary positions, grouped-query attention and SwiGLU. */
export interface DecoderConfig {
  /** The family: which weights a layer has, and what of them is fused or normalised. See `FAMILIES`. */
  readonly modelType: FamilyName;
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
  /** Dimensions of a head that are turned, the first ones; even. Absent: all. */
  readonly rotaryDim?: number;
  /** Absent: positions are not stretched. */
  readonly ropeScaling?: RopeScaling;
  /** Projections that add a bias. Absent: none. */
  readonly biases?: readonly Projection[];
  readonly rmsNormEps: number;
  /** Whether the output projection is the embedding matrix. */
  readonly tieWordEmbeddings: boolean;
  /** Longest sequence in tokens. */
  readonly maxPositions: number;
  /** Why that is less than `max_position_embeddings`, in the words of an error. Absent: it is not. */
  readonly positionsLimit?: string;
  readonly eosTokenIds: readonly number[];
}

/**
 * Reads the content of a Hugging Face `config.json`.
 * @throws bad-model for an unknown architecture, an unsupported feature or a field that makes no sense.
 */
export function parseConfig(content: unknown): DecoderConfig {
  if (!isObject(content)) throw new RrrError("bad-model", "config.json is not a JSON object");
  const modelType = content.model_type;
  if (!isFamily(modelType)) {
    throw new RrrError(
      "bad-model",
      `architecture ${show(modelType)} is not supported (supported: ${Object.keys(FAMILIES).join(", ")})`,
      { hint: "Choose a model whose config.json has one of these as its model_type." },
    );
  }
  const family = familyOf({ modelType });
  const said = Object.entries(content).filter(([, value]) => value !== undefined);
  const json: Json = { ...family.defaults, ...Object.fromEntries(said) };
  refuse(json, "hidden_act", (value) => value === undefined || value === "silu");
  // With false every token sees all others: an embedding model in the shape of a language model.
  refuse(json, "is_causal", (value) => value === undefined || value === null || value === true);
  family.check(json);
  if (json.quantization_config) {
    throw new RrrError("bad-model", "config.json: quantization_config says that the weights are quantised", {
      hint: "Take the model that it was made from, whose weights are in bfloat16, float16 or float32.",
    });
  }
  const numHeads = size(json, "num_attention_heads", 2 ** 12);
  const hiddenSize = size(json, "hidden_size", 2 ** 17);
  const headDim =
    json.head_dim === null ? Math.floor(hiddenSize / numHeads) : size(json, "head_dim", 2 ** 12);
  const biases = family.biases(json);
  if ((content.head_dim ?? null) === null && hiddenSize % numHeads !== 0) {
    throw wrong("num_attention_heads", numHeads, `a divisor of the hidden_size ${hiddenSize}`);
  }
  if (headDim % 2 !== 0) throw wrong("head_dim", headDim, "an even number");
  const config: DecoderConfig = {
    modelType,
    vocabSize: size(json, "vocab_size", 2 ** 22),
    hiddenSize,
    intermediateSize: size(json, "intermediate_size", 2 ** 20),
    numLayers: size(json, "num_hidden_layers", 1024),
    numHeads,
    numKvHeads: json.num_key_value_heads === null ? numHeads : size(json, "num_key_value_heads", 2 ** 12),
    headDim,
    ...parseRope(json, headDim, family),
    ...(biases.length === 0 ? {} : { biases }),
    rmsNormEps: positive(json, "rms_norm_eps"),
    tieWordEmbeddings: json.tie_word_embeddings === true,
    maxPositions: size(json, "max_position_embeddings", MOST_POSITIONS),
    eosTokenIds: tokenIds(json.eos_token_id),
  };
  refuse(json, "tie_word_embeddings", (value) => typeof value === "boolean");
  if (config.numHeads % config.numKvHeads !== 0) {
    throw wrong("num_key_value_heads", config.numKvHeads, `a divisor of ${config.numHeads}`);
  }
  return limited(config, family.window(json));
}

/** The `config.json` with which Hugging Face transformers loads the same model, and servers and converters do. */
export function toHuggingFaceConfig(
  config: DecoderConfig,
  dtype: WrittenDtype = "F32",
): Record<string, unknown> {
  const { ropeScaling: scaling, eosTokenIds: ends } = config;
  const family = familyOf(config);
  return {
    architectures: [family.architecture],
    model_type: config.modelType,
    dtype: DTYPE_NAMES[dtype],
    vocab_size: config.vocabSize,
    hidden_size: config.hiddenSize,
    intermediate_size: config.intermediateSize,
    num_hidden_layers: config.numLayers,
    num_attention_heads: config.numHeads,
    num_key_value_heads: config.numKvHeads,
    head_dim: config.headDim,
    hidden_act: "silu",
    attention_dropout: 0,
    ...family.write(config),
    ...writeRope(config),
    rms_norm_eps: config.rmsNormEps,
    tie_word_embeddings: config.tieWordEmbeddings,
    max_position_embeddings:
      scaling?.type === "longrope" ? scaling.extendedMaxPositions : config.maxPositions,
    initializer_range: 0.02,
    eos_token_id: ends.length === 1 ? ends[0] : ends,
    use_cache: true,
  };
}

/** The formats that weights are written in. */
export type WrittenDtype = "F32" | "BF16";

const DTYPE_NAMES: Readonly<Record<WrittenDtype, string>> = { F32: "float32", BF16: "bfloat16" };

/**
 * A config.json as it came, made to say what the weights beside it are written in: transformers up to 4 wrote that as
 * `torch_dtype`. What says so already is left to the letter.
 */
export function withDtype(text: string, dtype: WrittenDtype): string {
  const json: unknown = JSON.parse(text);
  const name = DTYPE_NAMES[dtype];
  if (!isObject(json) || (json.dtype === name && (json.torch_dtype ?? name) === name)) return text;
  const torch = json.torch_dtype === undefined ? {} : { torch_dtype: name };
  return `${JSON.stringify({ ...json, ...torch, dtype: name }, null, 2)}\n`;
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

/** Fewer positions where beyond them another model would be computed. */
function limited(config: DecoderConfig, window: unknown): DecoderConfig {
  const limits: (readonly [positions: number, why: string])[] = [];
  if (window !== undefined && window !== null) {
    limits.push([
      size({ sliding_window: window }, "sliding_window", MOST_POSITIONS),
      "its sliding_window, beyond which tokens are forgotten",
    ]);
  }
  if (config.ropeScaling?.type === "longrope") {
    limits.push([
      config.ropeScaling.originalMaxPositions,
      "its original context, which its short factors are for",
    ]);
  }
  const [first] = limits.filter(([positions]) => positions < config.maxPositions).sort(([a], [b]) => a - b);
  return first === undefined ? config : { ...config, maxPositions: first[0], positionsLimit: first[1] };
}
