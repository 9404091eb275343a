import { describe, expect, test } from "vitest";
import { MICRO_CONFIG } from "../testing/micro-model.ts";
import { parseConfig, toHuggingFaceConfig, withDtype } from "./config.ts";

const micro = toHuggingFaceConfig(MICRO_CONFIG);

/** Fields of https://huggingface.co/Qwen/Qwen3-0.6B/blob/main/config.json */
const QWEN3_600M = {
  architectures: ["Qwen3ForCausalLM"],
  attention_bias: false,
  attention_dropout: 0,
  bos_token_id: 151643,
  eos_token_id: 151645,
  head_dim: 128,
  hidden_act: "silu",
  hidden_size: 1024,
  initializer_range: 0.02,
  intermediate_size: 3072,
  max_position_embeddings: 40960,
  max_window_layers: 28,
  model_type: "qwen3",
  num_attention_heads: 16,
  num_hidden_layers: 28,
  num_key_value_heads: 8,
  rms_norm_eps: 1e-6,
  rope_scaling: null,
  rope_theta: 1000000,
  sliding_window: null,
  tie_word_embeddings: true,
  torch_dtype: "bfloat16",
  use_cache: true,
  use_sliding_window: false,
  vocab_size: 151936,
};

describe("parseConfig", () => {
  test("reads Qwen3-0.6B", () => {
    expect(parseConfig(QWEN3_600M)).toEqual({
      modelType: "qwen3",
      vocabSize: 151936,
      hiddenSize: 1024,
      intermediateSize: 3072,
      numLayers: 28,
      numHeads: 16,
      numKvHeads: 8,
      headDim: 128,
      ropeTheta: 1e6,
      rmsNormEps: 1e-6,
      tieWordEmbeddings: true,
      maxPositions: 40960,
      eosTokenIds: [151645],
    });
  });

  test("what is written is read back", () => {
    expect(parseConfig(micro)).toEqual(MICRO_CONFIG);
    const several = { ...MICRO_CONFIG, eosTokenIds: [1, 2], tieWordEmbeddings: false };
    expect(parseConfig(toHuggingFaceConfig(several))).toEqual(several);
  });

  test("reads rope_theta where transformers 5 writes it", () => {
    const { rope_theta: _, ...rest } = micro;
    const config = parseConfig({ ...rest, rope_parameters: { rope_type: "default", rope_theta: 5000 } });
    expect(config.ropeTheta).toBe(5000);
  });

  test("what a config.json leaves out is as in transformers", () => {
    const { hidden_size, intermediate_size, num_hidden_layers, vocab_size } = QWEN3_600M;
    const sizes = { hidden_size, intermediate_size, num_hidden_layers, vocab_size };
    expect(parseConfig({ model_type: "qwen3", num_attention_heads: 64, ...sizes })).toMatchObject({
      ropeTheta: 10_000,
      tieWordEmbeddings: false,
      headDim: 128,
      numKvHeads: 32,
      rmsNormEps: 1e-6,
      maxPositions: 32_768,
      eosTokenIds: [],
    });
    expect(
      parseConfig({ ...micro, rope_theta: undefined, rope_parameters: { rope_type: "default" } }),
    ).toMatchObject({
      ropeTheta: 10_000,
    });
    expect(parseConfig({ ...micro, num_key_value_heads: null }).numKvHeads).toBe(MICRO_CONFIG.numHeads);
  });

  test("a context of a million is a real one", () => {
    expect(parseConfig({ ...micro, max_position_embeddings: 1_010_000 }).maxPositions).toBe(1_010_000);
  });

  test.each([
    ["a billion layers", { ...micro, num_hidden_layers: 1e9 }, "num_hidden_layers is 1000000000"],
    ["a width beyond all", { ...micro, hidden_size: 2 ** 40 }, "hidden_size is 1099511627776"],
    ["a vocabulary beyond all", { ...micro, vocab_size: 2 ** 31 }, "vocab_size is 2147483648"],
    ["a context beyond all", { ...micro, max_position_embeddings: 1e15 }, "max_position_embeddings is"],
    ["no heads", { ...micro, num_attention_heads: 0 }, "num_attention_heads is 0"],
    ["a size as text", { ...micro, num_hidden_layers: "2" }, 'num_hidden_layers is "2"'],
    ["an infinite theta", { ...micro, rope_theta: Number.POSITIVE_INFINITY }, "rope_theta is"],
    ["a tie that is neither", { ...micro, tie_word_embeddings: "true" }, 'tie_word_embeddings is "true"'],
    [
      "heads that do not divide the width",
      { ...micro, head_dim: undefined, num_attention_heads: 3 },
      "num_attention_heads is 3",
    ],
    ["a long value", { ...micro, hidden_act: "x".repeat(1e6) }, /hidden_act is "x{70,90}…/],
    ["no object", [], "not a JSON object"],
    [
      "another architecture",
      { ...micro, model_type: "mamba" },
      '"mamba" is not supported (supported: llama, mistral, qwen2, qwen3, phi3)',
    ],
    ["a name of Object.prototype", { ...micro, model_type: "toString" }, "is not supported"],
    ["no architecture", { ...micro, model_type: undefined }, "undefined is not supported"],
    ["a bias", { ...micro, attention_bias: true }, "attention_bias is true"],
    ["another activation", { ...micro, hidden_act: "gelu" }, 'hidden_act is "gelu"'],
    ["sliding windows", { ...micro, use_sliding_window: true }, "use_sliding_window is true"],
    ["scaled positions", { ...micro, rope_scaling: { rope_type: "yarn" } }, "rope_scaling"],
    ["quantised weights", { ...micro, quantization_config: { bits: 4 } }, "quantised"],
    ["a fractional size", { ...micro, hidden_size: 1.5 }, "hidden_size is 1.5"],
    ["a negative size", { ...micro, vocab_size: -1 }, "vocab_size is -1"],
    ["an odd head", { ...micro, head_dim: 7 }, "head_dim is 7"],
    [
      "heads that cannot be shared",
      { ...micro, num_attention_heads: 3, num_key_value_heads: 2 },
      "a divisor of 3",
    ],
    ["no epsilon", { ...micro, rms_norm_eps: 0 }, "rms_norm_eps is 0"],
    ["an end token that is no id", { ...micro, eos_token_id: ["x"] }, "eos_token_id"],
  ])("refuses %s", (_, json, message) => {
    expect(() => parseConfig(json)).toThrow(expect.objectContaining({ code: "bad-model" }));
    expect(() => parseConfig(json)).toThrow(message);
  });
});

/** Fields of config.json of published models, in the spelling of transformers 4. */
const sizes = {
  vocab_size: 48,
  hidden_size: 16,
  intermediate_size: 24,
  num_hidden_layers: 2,
  num_attention_heads: 2,
};
const LLAMA3 = {
  factor: 32,
  low_freq_factor: 1,
  high_freq_factor: 4,
  original_max_position_embeddings: 8192,
  rope_type: "llama3",
};
const LLAMA = { model_type: "llama", ...sizes, max_position_embeddings: 131_072, rope_theta: 500_000 };
const PHI = {
  model_type: "phi3",
  ...sizes,
  max_position_embeddings: 131_072,
  original_max_position_embeddings: 4096,
  rope_scaling: { type: "longrope", short_factor: [1, 1.1, 1.2, 1.3], long_factor: [1, 2, 4, 8] },
  sliding_window: 262_144,
};

describe("families", () => {
  test("positions in the spelling of transformers 4 and 5 are the same", () => {
    const old = parseConfig({ ...LLAMA, rope_scaling: LLAMA3 });
    const { rope_theta, ...rest } = LLAMA;
    expect(parseConfig({ ...rest, rope_parameters: { ...LLAMA3, rope_theta } })).toEqual(old);
    expect(old.ropeScaling).toEqual({
      type: "llama3",
      factor: 32,
      lowFreqFactor: 1,
      highFreqFactor: 4,
      originalMaxPositions: 8192,
    });
    expect(old.ropeTheta).toBe(500_000);
  });

  test("what is written of positions, biases and limits is read back", () => {
    for (const content of [
      { ...LLAMA, rope_scaling: LLAMA3, attention_bias: true },
      { ...LLAMA, rope_scaling: { type: "linear", factor: 2 }, mlp_bias: true },
      {
        ...LLAMA,
        model_type: "qwen2",
        num_key_value_heads: 1,
        rope_scaling: { rope_type: "yarn", factor: 4 },
      },
      { ...PHI, head_dim: 16, partial_rotary_factor: 0.5 },
      { ...LLAMA, model_type: "mistral", num_key_value_heads: 2, sliding_window: null },
    ]) {
      const config = parseConfig(content);
      expect(parseConfig(toHuggingFaceConfig(config))).toEqual(config);
      expect(toHuggingFaceConfig(config)).toMatchObject({
        rope_theta: config.ropeTheta,
        rope_parameters: { rope_theta: config.ropeTheta },
        dtype: "float32",
      });
    }
  });

  test("a context ends where another model would begin", () => {
    const mistral = { ...LLAMA, model_type: "mistral", num_key_value_heads: 2 };
    expect(parseConfig({ ...mistral, sliding_window: 4096 })).toMatchObject({
      maxPositions: 4096,
      positionsLimit: expect.stringContaining("sliding_window"),
    });
    expect(parseConfig({ ...mistral, sliding_window: 2 ** 20 })).not.toHaveProperty("positionsLimit");
    expect(parseConfig(PHI)).toMatchObject({
      maxPositions: 4096,
      positionsLimit: expect.stringContaining("original context"),
    });
    expect(parseConfig({ ...PHI, sliding_window: 2047 }).maxPositions).toBe(2047);
  });

  test("the attention factor of Phi follows from its two contexts", () => {
    const { ropeScaling } = parseConfig(PHI);
    expect(ropeScaling).toMatchObject({ attentionFactor: Math.sqrt(1 + Math.log(32) / Math.log(4096)) });
    expect(parseConfig({ ...PHI, rope_scaling: { ...PHI.rope_scaling, type: "su" } }).ropeScaling).toEqual(
      ropeScaling,
    );
  });

  test.each<[string, Record<string, unknown>, string]>([
    [
      "positions of a kind that grows",
      { ...LLAMA, rope_scaling: { type: "dynamic", factor: 2 } },
      'rope_type is "dynamic"',
    ],
    ["long positions of Llama", { ...LLAMA, rope_scaling: PHI.rope_scaling }, "rope_scaling.rope_type"],
    [
      "positions by layer",
      { ...LLAMA, rope_parameters: { full_attention: LLAMA3, rope_type: "nested" } },
      "rope_type",
    ],
    ["scaling that is a list", { ...LLAMA, rope_scaling: [1] }, "rope_scaling is [1]"],
    ["no factor", { ...LLAMA, rope_scaling: { type: "linear" } }, "rope_scaling.factor is undefined"],
    [
      "a factor of nothing",
      { ...LLAMA, rope_scaling: { type: "linear", factor: 0 } },
      "rope_scaling.factor is 0",
    ],
    [
      "a factor beyond all",
      { ...LLAMA, rope_scaling: { type: "linear", factor: 1e9 } },
      "rope_scaling.factor is",
    ],
    [
      "frequencies that cross",
      { ...LLAMA, rope_scaling: { ...LLAMA3, high_freq_factor: 1 } },
      "high_freq_factor is 1",
    ],
    [
      "too few factors",
      { ...PHI, rope_scaling: { ...PHI.rope_scaling, long_factor: [1] } },
      "long_factor is [1]",
    ],
    [
      "a factor below nothing",
      { ...PHI, rope_scaling: { ...PHI.rope_scaling, short_factor: [1, -1, 1, 1] } },
      "short_factor",
    ],
    [
      "a factor that is a text",
      { ...PHI, rope_scaling: { ...PHI.rope_scaling, short_factor: ["1", 1, 1, 1] } },
      "short_factor",
    ],
    [
      "an original context of one token",
      { ...PHI, original_max_position_embeddings: 1 },
      "original_max_position_embeddings is 1",
    ],
    ["a rotated part of Llama", { ...LLAMA, partial_rotary_factor: 0.5 }, "partial_rotary_factor is 0.5"],
    [
      "an odd part",
      { ...PHI, rope_scaling: null, partial_rotary_factor: 0.4 },
      "partial_rotary_factor is 0.4",
    ],
    [
      "more than all of a head",
      { ...PHI, rope_scaling: null, partial_rotary_factor: 1.5 },
      "partial_rotary_factor is 1.5",
    ],
    ["a bias that is neither", { ...LLAMA, attention_bias: "yes" }, 'attention_bias is "yes"'],
    [
      "a window of half a token",
      { ...LLAMA, model_type: "mistral", num_key_value_heads: 1, sliding_window: 0.5 },
      "sliding_window is 0.5",
    ],
    [
      "windows by layer",
      { ...LLAMA, model_type: "qwen2", layer_types: ["full_attention", "sliding_attention"] },
      "layer_types",
    ],
    ["tokens that see later ones", { ...LLAMA, is_causal: false }, "is_causal is false"],
    ["Gemma", { ...LLAMA, model_type: "gemma3_text" }, '"gemma3_text" is not supported'],
  ])("refuses %s", (_, json, message) => {
    expect(() => parseConfig(json)).toThrow(expect.objectContaining({ code: "bad-model" }));
    expect(() => parseConfig(json)).toThrow(message);
  });
});

test("an empty rope_scaling leaves rope_parameters in force, as in transformers", () => {
  const linear = { rope_type: "linear", factor: 4, rope_theta: 700 };
  expect(parseConfig({ ...LLAMA, rope_scaling: {}, rope_parameters: linear })).toMatchObject({
    ropeTheta: 700,
    ropeScaling: { type: "linear", factor: 4 },
  });
});

describe("withDtype", () => {
  const text = (json: unknown): string => JSON.stringify(json);

  test("says what is written, and nothing else changes", () => {
    expect(JSON.parse(withDtype(text({ ...QWEN3_600M }), "F32"))).toEqual({
      ...QWEN3_600M,
      torch_dtype: "float32",
      dtype: "float32",
    });
    expect(JSON.parse(withDtype(text({ a: 1 }), "BF16"))).toEqual({ a: 1, dtype: "bfloat16" });
  });

  test("what says so already is left to the letter", () => {
    const right = '{"dtype":  "float32"}';
    expect(withDtype(right, "F32")).toBe(right);
  });
});
