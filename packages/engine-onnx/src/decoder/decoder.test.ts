import type { Datum, DecoderConfig } from "@rrr/trainer";
import { initWeights, type Weights } from "@rrr/trainer";
import { views } from "@rrr/trainer/local";
import { MICRO_CONFIG } from "@rrr/trainer/testing";
import { expect, test } from "vitest";
import { openLearner } from "../../test/open-learner.ts";
import { fullParameters } from "./parameters.ts";
import { referenceLogprobs } from "./reference-decoder.ts";

const OWN_BIASES = ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"] as const;
const FAMILIES = {
  llama: {
    ...MICRO_CONFIG,
    modelType: "llama",
    biases: [...OWN_BIASES, "self_attn.o_proj", "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"],
    ropeScaling: {
      type: "llama3",
      factor: 4,
      lowFreqFactor: 1,
      highFreqFactor: 4,
      originalMaxPositions: 32,
    },
  },
  qwen2: { ...MICRO_CONFIG, modelType: "qwen2", biases: OWN_BIASES },
  phi3: { ...MICRO_CONFIG, modelType: "phi3", rotaryDim: 4 },
} as const satisfies Readonly<Record<string, DecoderConfig>>;

const configs: readonly [string, DecoderConfig][] = [
  ["grouped queries, tied embeddings", { ...MICRO_CONFIG, numHeads: 6, numKvHeads: 2, headDim: 4 }],
  ["one key head per query head, untied", { ...MICRO_CONFIG, numKvHeads: 2, tieWordEmbeddings: false }],
  ["one layer, heads wider than the model", { ...MICRO_CONFIG, numLayers: 1, headDim: 16, ropeTheta: 1e6 }],
  ["llama, biases everywhere", { ...FAMILIES.llama, numHeads: 6, numKvHeads: 2, headDim: 4 }],
  ["qwen2, untied", { ...FAMILIES.qwen2, tieWordEmbeddings: false }],
  ["phi3, half of each head turned", { ...FAMILIES.phi3, numHeads: 4, numKvHeads: 2 }],
];

/** Weights far from what training starts at, so that every part of the model matters. */
function lively(config: DecoderConfig): Weights {
  return new Map(
    [...initWeights(config, 5)].map(([name, { shape, data }]) => [
      name,
      { shape, data: data.map((value, i) => (shape.length === 1 ? value + 0.3 * Math.sin(i) : 12 * value)) },
    ]),
  );
}

function dataOf(config: DecoderConfig): readonly Datum[] {
  return [
    [1, 1],
    [3, 9],
    [20, 4],
    [7, 30],
    [60, 50],
  ].map(([prompt = 0, count = 0], d) => ({
    prompt: Int32Array.from({ length: prompt }, (_, i) => (7 * i + d) % config.vocabSize),
    targets: Int32Array.from({ length: count }, (_, i) => (11 * i + 3 * d + 1) % config.vocabSize),
    weights: Float32Array.from({ length: count }, (_, i) => (i % 3 === 0 ? 0 : 1)),
  }));
}

test.each(configs)("it is the model of the definition: %s", async (_, config) => {
  const weights = lively(config);
  const parameters = fullParameters(config, weights);
  const learner = openLearner(config, parameters, { threads: 1 });
  const data = dataOf(config);
  const found = await learner.forward(data);
  for (const [d, { prompt, targets }] of data.entries()) {
    const expected = referenceLogprobs(config, weights, [...prompt, ...targets]);
    for (const [t, target] of targets.entries()) {
      expect(found[d]?.[t]).toBeCloseTo(expected[prompt.length - 1 + t]?.[target] as number, 4);
    }
  }
  await learner.close();
});

test.each([MICRO_CONFIG, FAMILIES.llama, FAMILIES.qwen2, FAMILIES.phi3])(
  "the gradient of every weight of $modelType is the slope of the reference's loss",
  async (family) => {
    const config: DecoderConfig = {
      ...family,
      vocabSize: 11,
      hiddenSize: 8,
      intermediateSize: 12,
      headDim: 4,
      ...("rotaryDim" in family ? { rotaryDim: 2 } : {}),
    };
    const weights = lively(config);
    const parameters = fullParameters(config, weights);
    const learner = openLearner(config, parameters, { threads: 1 });
    const datum = dataOf(config)[1] as Datum;
    await learner.forwardBackward([datum], { kind: "cross-entropy" });
    // Adam with an ε far above the gradient steps along the gradient itself.
    const before = parameters.values.slice();
    learner.optimiser.step({ learningRate: 1e4, epsilon: 1e5 });
    const gradient = views(
      parameters.trained,
      parameters.values.map((value, i) => ((before[i] as number) - value) * 10),
    );
    const tokens = [...datum.prompt, ...datum.targets];
    const loss = (): number => {
      const logprobs = referenceLogprobs(config, weights, tokens);
      const terms = [...datum.targets].map(
        (target, t) =>
          -(datum.weights[t] as number) * (logprobs[datum.prompt.length - 1 + t]?.[target] as number),
      );
      return terms.reduce((sum, term) => sum + term, 0) / datum.weights.reduce((sum, a) => sum + a, 0);
    };
    for (const [name, { data }] of weights) {
      for (const i of [0, Math.floor(data.length / 2), data.length - 1]) {
        const value = data[i] as number;
        const h = 2 ** -9;
        data[i] = value + h;
        const above = loss();
        data[i] = value - h;
        const below = loss();
        data[i] = value;
        const slope = (above - below) / (2 * h);
        expect(gradient.get(name)?.data[i], `${name} ${i}`).toBeCloseTo(slope, 2);
      }
    }
    await learner.close();
  },
);
