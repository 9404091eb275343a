import { describe, expect, test } from "vitest";
import { MICRO_CONFIG } from "../testing/micro-model.ts";
import { checkWeights, initWeights, weightShapes } from "./weights.ts";

describe("weightShapes", () => {
  test("names and shapes are those of Qwen3 in transformers", () => {
    const shapes = weightShapes({ ...MICRO_CONFIG, numLayers: 1, tieWordEmbeddings: false });
    expect(Object.fromEntries(shapes)).toEqual({
      "model.embed_tokens.weight": [48, 16],
      "model.layers.0.input_layernorm.weight": [16],
      "model.layers.0.self_attn.q_proj.weight": [16, 16],
      "model.layers.0.self_attn.k_proj.weight": [8, 16],
      "model.layers.0.self_attn.v_proj.weight": [8, 16],
      "model.layers.0.self_attn.o_proj.weight": [16, 16],
      "model.layers.0.self_attn.q_norm.weight": [8],
      "model.layers.0.self_attn.k_norm.weight": [8],
      "model.layers.0.post_attention_layernorm.weight": [16],
      "model.layers.0.mlp.gate_proj.weight": [24, 16],
      "model.layers.0.mlp.up_proj.weight": [24, 16],
      "model.layers.0.mlp.down_proj.weight": [16, 24],
      "model.norm.weight": [16],
      "lm_head.weight": [48, 16],
    });
  });
});

describe("initWeights", () => {
  const deviation = (data: Float32Array) => Math.sqrt(data.reduce((sum, x) => sum + x * x, 0) / data.length);

  test("the same seed gives the same weights, another seed others", () => {
    expect(initWeights(MICRO_CONFIG, 3)).toEqual(initWeights(MICRO_CONFIG, 3));
    expect(initWeights(MICRO_CONFIG, 3)).not.toEqual(initWeights(MICRO_CONFIG, 4));
  });

  test("has the spread it says, smaller where the residual stream is written, and norms of 1", () => {
    const config = { ...MICRO_CONFIG, hiddenSize: 128, intermediateSize: 256, numHeads: 16 };
    const weights = initWeights(config, 0);
    const spread = (name: string) => deviation(weights.get(name)?.data ?? new Float32Array());
    expect(spread("model.embed_tokens.weight")).toBeCloseTo(0.02, 3);
    expect(spread("model.layers.0.mlp.up_proj.weight")).toBeCloseTo(0.02, 3);
    expect(spread("model.layers.1.mlp.down_proj.weight")).toBeCloseTo(0.01, 3);
    expect(spread("model.layers.1.self_attn.o_proj.weight")).toBeCloseTo(0.01, 3);
    expect(weights.get("model.norm.weight")?.data.every((value) => value === 1)).toBe(true);
  });
});

describe("checkWeights", () => {
  const weights = new Map(initWeights(MICRO_CONFIG, 0));
  const name = "model.layers.1.mlp.up_proj.weight";

  test("accepts what initWeights makes", () => {
    expect(() => checkWeights(MICRO_CONFIG, weights)).not.toThrow();
  });

  test.each([
    ["a missing weight", new Map([...weights].filter(([key]) => key !== name)), `${name} is missing`],
    [
      "an unknown weight",
      new Map([...weights, ["x", { shape: [0], data: new Float32Array() }]]),
      "the weight x",
    ],
    [
      "another shape",
      new Map([...weights, [name, { shape: [16, 24], data: new Float32Array(384) }]]),
      "has shape [16,24], not [24,16]",
    ],
    [
      "a value that is no number",
      new Map([...weights, [name, { shape: [24, 16], data: new Float32Array(384).fill(Number.NaN) }]]),
      "is NaN at 0",
    ],
    [
      "a value with a flipped bit",
      new Map([...weights, [name, { shape: [24, 16], data: new Float32Array(384).fill(0.02 * 2 ** 127) }]]),
      "at 0",
    ],
  ])("refuses %s", (_, given, message) => {
    expect(() => checkWeights(MICRO_CONFIG, given)).toThrow(message);
  });
});
