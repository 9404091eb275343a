import {
  type Datum,
  type DecoderConfig,
  initAdapter,
  initWeights,
  type Loss,
  type PolicyGradientLoss,
  type Weights,
} from "@rrr/trainer";
import { MICRO_CONFIG } from "@rrr/trainer/testing";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { openLearner } from "../../test/open-learner.ts";
import { fullParameters, loraParameters, type Parameters } from "../decoder/parameters.ts";
import { growTrees, sequenceLength, sortData } from "./prefix-trees.ts";

const OWN_BIASES = ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"] as const;
const FAMILIES: readonly DecoderConfig[] = [
  { ...MICRO_CONFIG, numHeads: 6, numKvHeads: 2, headDim: 4 },
  {
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
  { ...MICRO_CONFIG, modelType: "mistral", numKvHeads: 2, tieWordEmbeddings: false },
  { ...MICRO_CONFIG, modelType: "qwen2", biases: OWN_BIASES },
  { ...MICRO_CONFIG, modelType: "phi3", rotaryDim: 4, numHeads: 4, numKvHeads: 2 },
].map((config) => ({ ...config, maxPositions: 512 }) as DecoderConfig);

/** Weights far from what training starts at, so that every part of the model matters. */
function lively(config: DecoderConfig): Weights {
  return new Map(
    [...initWeights(config, 5)].map(([name, { shape, data }]) => [
      name,
      { shape, data: data.map((value, i) => (shape.length === 1 ? value + 0.3 * Math.sin(i) : 8 * value)) },
    ]),
  );
}

function livelyAdapter(config: DecoderConfig, weights: Weights): Parameters {
  const { modules, rslora } = initAdapter(config, { rank: 4, alpha: 4 });
  const grown = [...modules].map(([name, module], key) => {
    const data = module.b.data.map((_, i) => 0.1 * Math.sin(0.7 * i * i + key));
    return [name, { ...module, b: { ...module.b, data } }] as const;
  });
  return loraParameters(config, weights, { modules: new Map(grown), rslora });
}

function datum(prompt: readonly number[], count: number, key: number): Datum {
  return {
    prompt: Int32Array.from(prompt),
    targets: Int32Array.from({ length: count }, (_, i) => (11 * i + 5 * key + 1) % 48),
    weights: Float32Array.from({ length: count }, (_, i) => Math.sin(3 * i + key)),
    logprobs: Float32Array.from({ length: count }, (_, i) => -4 + 0.3 * Math.sin(5 * i + key)),
    reference: Float32Array.from({ length: count }, (_, i) => -4 + 0.5 * Math.sin(7 * i + key)),
  };
}

const text = (length: number, key: number): number[] =>
  Array.from({ length }, (_, i) => (7 * i * i + 3 * key + i) % 48);

/**
 * Two groups of ragged reflections, one that continues the other's prompt, a datum alone, prompts of one token, a prompt
 * that is another's start, and a reflection that is in its group twice.
 */
const DATA: readonly Datum[] = [
  ...[9, 1, 30, 17, 4].map((count, i) => datum(text(90, 1), count, i)),
  ...[12, 25, 3].map((count, i) => datum([...text(90, 1), ...text(21, 2)], count, 10 + i)),
  ...[40, 8].map((count, i) => datum(text(61, 3), count, 20 + i)),
  datum(text(33, 4), 50, 30),
  datum([7], 6, 31),
  datum([7], 9, 32),
  datum(text(90, 1).slice(0, 40), 5, 33),
  datum(text(90, 1), 9, 0),
];

const POLICY: Omit<PolicyGradientLoss, "normalization"> = {
  kind: "policy-gradient",
  clipLow: 0.2,
  clipHigh: 0.3,
  klCoefficient: 0.1,
};
const dr = (sequences: number, maxTokens: number) => ({ kind: "dr_grpo", sequences, maxTokens }) as const;

/** The sum over one call for each datum, where nothing can be shared, is the loss of one call with all of them. */
const LOSSES: readonly (readonly [string, Loss, (datum: Datum) => Loss])[] = [
  ...(["ppo", "gspo", "cispo"] as const).map((surrogate) => {
    const each = { ...POLICY, surrogate };
    return [
      `${surrogate}, KL, mean over sequences`,
      { ...each, normalization: { kind: "grpo" } },
      ({ targets }: Datum) => ({ ...each, normalization: dr(DATA.length, targets.length) }),
    ] as const;
  }),
  [
    "ppo, mean over tokens, entropy bonus",
    { ...POLICY, entropyCoefficient: 0.2, normalization: { kind: "dapo" } },
    ({ targets }) => ({
      ...POLICY,
      entropyCoefficient: (0.2 * targets.length) / tokens(DATA),
      normalization: dr(1, tokens(DATA)),
    }),
  ],
];

function tokens(data: readonly Datum[]): number {
  return data.reduce((sum, { targets }) => sum + targets.length, 0);
}

interface Found {
  readonly logprobs: readonly Float32Array[];
  readonly loss: number;
  readonly gradient: Float32Array;
}

/** @param calls data and loss of one call each; their gradients add up */
async function compute(
  config: DecoderConfig,
  parameters: Parameters,
  calls: readonly (readonly [readonly Datum[], Loss])[],
): Promise<Found> {
  const learner = openLearner(config, parameters, { threads: 1 });
  onTestFinished(() => learner.close());
  const logprobs: Float32Array[] = [];
  let loss = 0;
  for (const [data, kind] of calls) {
    logprobs.push(...(await learner.forward(data)));
    loss += (await learner.forwardBackward(data, kind)).loss;
  }
  // Adam with an ε far above the gradient steps along the gradient itself.
  const before = parameters.values.slice();
  parameters.values.fill(0);
  learner.optimiser.step({ learningRate: 1e6, epsilon: 1e6 });
  const gradient = parameters.values.map((value) => -value);
  parameters.values.set(before);
  return { logprobs, loss, gradient };
}

function expectSame(shared: Found, alone: Found): void {
  for (const [d, own] of alone.logprobs.entries()) {
    for (const [t, value] of own.entries()) {
      const other = shared.logprobs[d]?.[t] ?? Number.NaN;
      expect(Math.abs(other - value), `datum ${d}, target ${t}`).toBeLessThan(1e-5 * Math.max(1, -value));
    }
  }
  expect(Math.abs(shared.loss / alone.loss - 1)).toBeLessThan(1e-5);
  const gap = shared.gradient.map((value, i) => value - (alone.gradient[i] as number));
  expect(Math.hypot(...alone.gradient)).toBeGreaterThan(1e-3);
  expect(Math.hypot(...gap) / Math.hypot(...alone.gradient)).toBeLessThan(1e-5);
}

test.each(FAMILIES)("a shared prompt changes nothing: $modelType, all weights and LoRA", async (config) => {
  const weights = lively(config);
  const [[, loss, each] = LOSSES[0] as never] = LOSSES;
  for (const parameters of [fullParameters(config, weights), livelyAdapter(config, weights)]) {
    const shared = await compute(config, parameters, [[DATA, loss]]);
    const alone = await compute(
      config,
      parameters,
      DATA.map((own) => [[own], each(own)] as const),
    );
    expectSame(shared, alone);
  }
});

test.each(LOSSES)("a shared prompt changes nothing: %s", async (_, loss, each) => {
  const [config] = FAMILIES as [DecoderConfig];
  const parameters = fullParameters(config, lively(config));
  const shared = await compute(config, parameters, [[DATA, loss]]);
  const alone = await compute(
    config,
    parameters,
    DATA.map((own) => [[own], each(own)] as const),
  );
  expectSame(shared, alone);
});

test("nor does it in several batches of several rows, with a row beyond the context", async () => {
  const [config] = FAMILIES as [DecoderConfig];
  const loss: Loss = { ...POLICY, normalization: dr(64, 10) };
  const data = Array.from({ length: 20 }, (_, i) => datum(text(300 + 7 * (i >> 2), i >> 2), 1 + (i % 23), i));
  const parameters = fullParameters({ ...config, maxPositions: 360 }, lively(config));
  const shared = await compute({ ...config, maxPositions: 360 }, parameters, [[data, loss]]);
  const alone = await compute(
    config,
    parameters,
    data.map((own) => [[own], loss] as const),
  );
  expectSame(shared, alone);
});

test("what one reflection is says nothing about another", async () => {
  const [config] = FAMILIES as [DecoderConfig];
  const parameters = fullParameters(config, lively(config));
  const learner = openLearner(config, parameters, { threads: 1 });
  onTestFinished(() => learner.close());
  const [first, second, ...others] = DATA as [Datum, Datum, ...Datum[]];
  const before = await learner.forward(DATA);
  const changed = { ...second, targets: second.targets.map((token) => (token + 1) % 48) };
  const after = await learner.forward([first, changed, ...others]);
  expect(after.filter((_, d) => d !== 1)).toEqual(before.filter((_, d) => d !== 1));
  expect(after[1]).not.toEqual(before[1]);
});

/** The fewest tokens over every way to cut sorted sequences into runs. */
function fewest(sorted: readonly Datum[]): number {
  let best = sorted.length === 0 ? 0 : Number.POSITIVE_INFINITY;
  for (let count = 1; count <= sorted.length; count++) {
    const tree = sorted.slice(0, count);
    const end = Math.min(...tree.map(({ prompt }) => prompt.length - 1));
    let trunk = 0;
    while (trunk < end && tree.every(({ prompt }) => prompt[trunk] === tree[0]?.prompt[trunk])) trunk++;
    const total = tree.reduce((sum, own) => sum + sequenceLength(own), 0);
    best = Math.min(best, total - (count - 1) * trunk + fewest(sorted.slice(count)));
  }
  return best;
}

test("trees hold each sequence once, fit into a row, and have as few tokens as runs of them can have", () => {
  const prompt = fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 1, maxLength: 9 });
  const sequence = fc.tuple(prompt, fc.integer({ min: 1, max: 4 }));
  fc.assert(
    fc.property(
      fc.array(sequence, { minLength: 1, maxLength: 6 }),
      fc.constantFrom(5, 10, 20, 1000),
      (given, longest) => {
        const data = given.map(([tokens, count], i) => datum(tokens, count, i));
        const sorted = sortData(data);
        const trees = growTrees(sorted, longest);
        expect(trees.flatMap((tree) => tree.data).sort((a, b) => a - b)).toEqual(data.map((_, i) => i));
        for (const { trunk, data: members, size } of trees) {
          if (members.length > 1) expect(size).toBeLessThanOrEqual(longest);
          const starts = members.map((i) => data[i]?.prompt.subarray(0, trunk).join());
          expect(new Set(starts).size).toBe(1);
          for (const i of members) expect(trunk).toBeLessThan(data[i]?.prompt.length as number);
        }
        const found = trees.reduce((sum, { size }) => sum + size, 0);
        expect(found).toBeLessThanOrEqual(data.reduce((sum, each) => sum + sequenceLength(each), 0));
        if (longest === 1000) expect(found).toBe(fewest(sorted.order.map((i) => data[i] as Datum)));
      },
    ),
    { numRuns: 200 },
  );
});
