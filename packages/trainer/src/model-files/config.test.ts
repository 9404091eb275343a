import { describe, expect, test } from "vitest";
import { MICRO_CONFIG } from "../testing/micro-model.ts";
import { parseConfig, toHuggingFaceConfig } from "./config.ts";

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
