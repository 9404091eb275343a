import type { DecoderConfig, Projection } from "./config.ts";
import { isOff, type Json, refuse } from "./fields.ts";
import type { RopeType } from "./rope.ts";

/** What sets a family of models apart from the others that are read. */
export interface Family {
  /** The class of Hugging Face transformers that loads it. */
  readonly architecture: string;
  /**
   * What transformers 5 takes where a config.json says nothing; null where that follows from other fields. Sizes without
   * a sensible default are asked for.
   */
  readonly defaults: Json;
  readonly ropeTypes: readonly RopeType[];
  /** Queries and keys are normalised, each head by itself. */
  readonly headNorm: boolean;
  /** One matrix holds queries, keys and values (`qkv_proj`), one the gate and what it gates (`gate_up_proj`). */
  readonly fused: boolean;
  /** Whether config.json may say that a part of a head's dimensions is left unturned. */
  readonly partialRotary: boolean;
  /** Which projections add a bias. */
  biases(json: Json): readonly Projection[];
  /** Refuses what the family can be told to compute and is not computed here. */
  check(json: Json): void;
  /** The field that says how many tokens a token sees at most, itself included. Absent or null: all. */
  window(json: Json): unknown;
  /** Fields of config.json that only this family has. */
  write(config: DecoderConfig): Json;
}

const ATTENTION: readonly Projection[] = ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"];
const MLP: readonly Projection[] = ["mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"];

const COMMON: Json = {
  num_key_value_heads: null,
  head_dim: null,
  rms_norm_eps: 1e-6,
  tie_word_embeddings: false,
};

const PLAIN = {
  ropeTypes: ["default", "linear", "llama3", "yarn"],
  headNorm: false,
  fused: false,
  partialRotary: false,
  biases: () => [],
  check: () => {},
  window: () => undefined,
  write: () => ({}),
} as const satisfies Partial<Family>;

export type FamilyName = "llama" | "mistral" | "qwen2" | "qwen3" | "phi3";

/**
 * By the `model_type` of config.json. The facts are those of each family's configuration and model in transformers 5.
 * @see https://github.com/huggingface/transformers/tree/main/src/transformers/models
 */
export const FAMILIES: Readonly<Record<FamilyName, Family>> = {
  /** Llama 2 and 3, SmolLM2, Palmyra, and many others under their own names. */
  llama: {
    ...PLAIN,
    architecture: "LlamaForCausalLM",
    defaults: { ...COMMON, max_position_embeddings: 2048 },
    biases: (json) => [
      ...(isOn(json, "attention_bias") ? [...ATTENTION, "self_attn.o_proj" as const] : []),
      ...(isOn(json, "mlp_bias") ? MLP : []),
    ],
    write: ({ biases = [] }) => ({
      attention_bias: biases.includes("self_attn.q_proj"),
      mlp_bias: biases.includes("mlp.up_proj"),
    }),
  },
  mistral: {
    ...PLAIN,
    architecture: "MistralForCausalLM",
    defaults: {
      ...COMMON,
      num_key_value_heads: 8,
      max_position_embeddings: 131_072,
      sliding_window: 4096,
    },
    window: (json) => json.sliding_window,
    write: () => ({ sliding_window: null }),
  },
  /** Qwen2 and Qwen2.5. */
  qwen2: {
    ...PLAIN,
    architecture: "Qwen2ForCausalLM",
    defaults: { ...COMMON, num_key_value_heads: 32, max_position_embeddings: 32_768 },
    biases: () => ATTENTION,
    check: refuseQwenWindows,
    write: () => ({ use_sliding_window: false }),
  },
  qwen3: {
    ...PLAIN,
    architecture: "Qwen3ForCausalLM",
    defaults: { ...COMMON, num_key_value_heads: 32, head_dim: 128, max_position_embeddings: 32_768 },
    headNorm: true,
    check(json) {
      refuse(json, "attention_bias", isOff);
      refuseQwenWindows(json);
    },
    write: () => ({ attention_bias: false, use_sliding_window: false }),
  },
  /** Phi-3, Phi-3.5 and Phi-4, the mini ones included. */
  phi3: {
    ...PLAIN,
    architecture: "Phi3ForCausalLM",
    defaults: {
      ...COMMON,
      rms_norm_eps: 1e-5,
      max_position_embeddings: 4096,
      original_max_position_embeddings: 4096,
    },
    ropeTypes: ["default", "longrope"],
    fused: true,
    partialRotary: true,
    window: (json) => json.sliding_window,
    write: ({ ropeScaling }) => ({
      sliding_window: null,
      resid_pdrop: 0,
      embd_pdrop: 0,
      // The configuration's own is a token of the published models.
      pad_token_id: null,
      ...(ropeScaling?.type === "longrope"
        ? { original_max_position_embeddings: ropeScaling.originalMaxPositions }
        : {}),
    }),
  },
};

export function isFamily(name: unknown): name is FamilyName {
  return typeof name === "string" && Object.hasOwn(FAMILIES, name);
}

/** What the model's family is like. */
export function familyOf({ modelType }: Pick<DecoderConfig, "modelType">): Family {
  return FAMILIES[modelType];
}

/** Absent is off, and anything but true and false is a mistake. */
function isOn(json: Json, field: string): boolean {
  refuse(json, field, (value) => isOff(value) || value === true);
  return json[field] === true;
}

function refuseQwenWindows(json: Json): void {
  refuse(json, "use_sliding_window", isOff);
  refuse(json, "layer_types", (types) => {
    return isOff(types) || (Array.isArray(types) && types.every((type) => type === "full_attention"));
  });
}
