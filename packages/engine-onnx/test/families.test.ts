/** Every family against numbers of Hugging Face transformers: see golden/make-families.py. */
import { readFileSync } from "node:fs";
import { type Datum, type DecoderConfig, parseConfig, type Weights, weightShapes } from "@rrr/trainer";
import { rotaryFrequencies, views } from "@rrr/trainer/local";
import ort from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { fullParameters } from "../src/decoder/parameters.ts";
import { openDecoder } from "../src/export/open-decoder.ts";
import { createSampler } from "../src/sample/sampler.ts";
import { openLearner } from "./open-learner.ts";

interface Case {
  readonly config: Readonly<Record<string, unknown>>;
  /** The first `prompt` of them are context, the others are scored. */
  readonly tokens: readonly number[];
  readonly prompt: number;
  /** After the first token, after the first that is scored, and after the last. */
  readonly logits: readonly (readonly number[])[];
  /** Mean cross-entropy of the scored tokens, nats. */
  readonly loss: number;
  /** Of each weight the gradient's norm, and its product with signs of a formula. */
  readonly gradients: Readonly<Record<string, readonly [norm: number, product: number]>>;
  readonly greedy: readonly { readonly prompt: readonly number[]; readonly tokens: readonly number[] }[];
}

interface Golden {
  readonly cases: Readonly<Record<string, Case>>;
  readonly ropes: Readonly<
    Record<
      string,
      {
        readonly config: Readonly<Record<string, unknown>>;
        readonly frequencies: readonly number[];
        readonly attentionFactor: number;
      }
    >
  >;
  readonly defaults: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

const golden: Golden = JSON.parse(readFileSync(new URL("./golden/families.json", import.meta.url), "utf8"));

/** Uniform numbers from 0 to 1, as in make-families.py. */
function hashed(name: string, count: number): Float64Array {
  let start = 2166136261;
  for (const byte of Buffer.from(name)) start = Math.imul(start ^ byte, 16777619);
  return Float64Array.from({ length: count }, (_, i) => {
    let x = (Math.imul(i, 0x9e3779b9) + start) >>> 0;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b) >>> 0;
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35) >>> 0;
    return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
  });
}

function weightsOf(config: DecoderConfig): Weights {
  return new Map(
    [...weightShapes(config)].map(([name, shape]) => {
      const middle = name.endsWith(".bias") ? 0 : 1;
      const values = hashed(
        name,
        shape.reduce((product, size) => product * size, 1),
      );
      const data = Float32Array.from(values, (value) => {
        const spread = 2 * value - 1;
        return shape.length === 1 ? 0.3 * spread + middle : (spread * 2.5) / Math.sqrt(shape[1] as number);
      });
      return [name, { shape, data }];
    }),
  );
}

/** The long factors are not taken by default: see docs/models.md. */
function configOf(name: string, { config }: Case): DecoderConfig {
  const parsed = parseConfig(config);
  return name.includes("long factors") ? { ...parsed, maxPositions: 128 } : parsed;
}

function open(name: string, golden: Case) {
  const config = configOf(name, golden);
  const weights = weightsOf(config);
  return { config, weights, parameters: fullParameters(config, weights) };
}

function logprobsOf(logits: readonly number[]): number[] {
  const top = Math.max(...logits);
  const sum = logits.reduce((total, score) => total + Math.exp(score - top), 0);
  return logits.map((score) => score - top - Math.log(sum));
}

function farthest(actual: ArrayLike<number>, expected: readonly number[]): number {
  expect(actual.length).toBe(expected.length);
  return expected.reduce((most, value, i) => Math.max(most, Math.abs((actual[i] as number) - value)), 0);
}

describe.each(Object.entries(golden.cases))("%s", (name, golden) => {
  const { tokens, prompt } = golden;

  test("the same log-probabilities of every next token", async () => {
    const { config, parameters } = open(name, golden);
    const learner = openLearner(config, parameters, { threads: 1 });
    const places = [0, prompt, tokens.length - 1];
    const every = Array.from({ length: config.vocabSize }, (_, token) => token);
    const data: readonly Datum[] = places.flatMap((place) =>
      every.map((token) => ({
        prompt: Int32Array.from(tokens.slice(0, place + 1)),
        targets: Int32Array.of(token),
        weights: Float32Array.of(1),
      })),
    );
    const found = await learner.forward(data);
    for (const [i, logits] of golden.logits.entries()) {
      const own = found
        .slice(i * config.vocabSize, (i + 1) * config.vocabSize)
        .map(([value]) => value as number);
      expect(farthest(own, logprobsOf(logits))).toBeLessThan(1e-4);
    }
    await learner.close();
  });

  test("the same loss and gradient of every weight", async () => {
    const { config, parameters } = open(name, golden);
    const learner = openLearner(config, parameters, { threads: 1 });
    const targets = Int32Array.from(tokens.slice(prompt));
    const weights = new Float32Array(targets.length).fill(1);
    const datum = { prompt: Int32Array.from(tokens.slice(0, prompt)), targets, weights };
    const { loss } = await learner.forwardBackward([datum], { kind: "cross-entropy" });
    expect(loss).toBeCloseTo(golden.loss, 4);
    // Adam with an ε far above the gradient steps along the gradient itself.
    parameters.values.fill(0);
    learner.optimiser.step({ learningRate: 1e4, epsilon: 1e5 });
    const gradients = views(parameters.trained, parameters.values);
    expect([...gradients.keys()].sort()).toEqual(Object.keys(golden.gradients).sort());
    for (const [weight, [norm, product]] of Object.entries(golden.gradients)) {
      const data = gradients.get(weight)?.data.map((value) => -10 * value) ?? new Float32Array();
      const signs = hashed(`sign ${weight}`, data.length).map((value) => Math.sign(value - 0.5));
      const sum = (term: (value: number, i: number) => number): number =>
        data.reduce((total, value, i) => total + term(value, i), 0);
      const own = [Math.sqrt(sum((value) => value ** 2)), sum((value, i) => value * (signs[i] as number))];
      expect(farthest(own, [norm, product]), weight).toBeLessThan(1e-4 * norm);
    }
    await learner.close();
  });

  test("the same greedy continuation, written with a cache", async () => {
    const { config, parameters } = open(name, golden);
    const sampler = createSampler(config, parameters, { threads: 1, rows: 8, stopIds: [] });
    const written = await Promise.all(
      golden.greedy.map(({ prompt, tokens }) =>
        sampler.sample(Int32Array.from(prompt), { n: 1, maxTokens: tokens.length, temperature: 0, seed: 0 }),
      ),
    );
    for (const [i, { tokens }] of golden.greedy.entries())
      expect([...(written[i]?.[0]?.tokens ?? [])]).toEqual(tokens);
    await sampler.close();
  });

  test("the same logits from the exported ONNX file", async () => {
    const { config, weights } = open(name, golden);
    const session = await ort.InferenceSession.create(openDecoder(config, weights), { intraOpNumThreads: 1 });
    const whole = (values: readonly number[], shape: readonly number[]) =>
      new ort.Tensor("int64", BigInt64Array.from(values, BigInt), shape);
    const shape = [1, tokens.length];
    const none = new ort.Tensor("float32", new Float32Array(0), [1, config.numKvHeads, 0, config.headDim]);
    const caches = Array.from({ length: config.numLayers }, (_, layer) => layer).flatMap((layer) =>
      ["key", "value"].map((kind) => [`past_key_values.${layer}.${kind}`, none] as const),
    );
    const { logits } = await session.run({
      input_ids: whole(tokens, shape),
      attention_mask: whole(
        tokens.map(() => 1),
        shape,
      ),
      position_ids: whole(
        tokens.map((_, i) => i),
        shape,
      ),
      num_logits_to_keep: whole([0], []),
      ...Object.fromEntries(caches),
    });
    for (const [i, place] of [0, prompt, tokens.length - 1].entries()) {
      const own = (logits as ort.TypedTensor<"float32">).data.subarray(
        place * config.vocabSize,
        (place + 1) * config.vocabSize,
      );
      expect(farthest(own, golden.logits[i] ?? [])).toBeLessThan(1e-4);
    }
    await session.release();
  });
});

test.each(Object.entries(golden.ropes))(
  "frequencies of %s",
  (_, { config, frequencies, attentionFactor }) => {
    const own = rotaryFrequencies(parseConfig(config));
    expect(own.attentionFactor).toBeCloseTo(attentionFactor, 6);
    // float32, in which they are computed there
    expect(
      Math.max(...frequencies.map((value, i) => Math.abs((own.frequencies[i] ?? 0) / value - 1))),
    ).toBeLessThan(2e-6);
    expect(own.frequencies.length).toBe(frequencies.length);
  },
);

test.each(Object.entries(golden.defaults))("what a config.json of %s leaves out", (family, defaults) => {
  const { hidden_size, num_attention_heads } = defaults;
  const sizes = {
    intermediate_size: 8,
    num_hidden_layers: 1,
    vocab_size: 8,
    hidden_size,
    num_attention_heads,
  };
  expect(parseConfig({ model_type: family, ...sizes })).toMatchObject({
    numKvHeads: defaults.num_key_value_heads,
    headDim: defaults.head_dim,
    rmsNormEps: defaults.rms_norm_eps,
    tieWordEmbeddings: defaults.tie_word_embeddings,
    ropeTheta: defaults.rope_theta,
    maxPositions: Math.min(
      defaults.max_position_embeddings ?? 0,
      defaults.sliding_window ?? Number.POSITIVE_INFINITY,
    ),
  });
});
