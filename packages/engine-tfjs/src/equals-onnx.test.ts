/** From the same weights and seeds, what the embedded engine computes: log-probabilities, gradients, tokens, state. */
import { join } from "node:path";
import { builtinModelDir } from "@rrr/builtin-model";
import { createOnnxEngine } from "@rrr/engine-onnx";
import {
  type Datum,
  type DecoderConfig,
  type Engine,
  initWeights,
  type Loss,
  type ModelFiles,
  readModelDir,
  toModelFiles,
} from "@rrr/trainer";
import { MICRO_CONFIG, microModel } from "@rrr/trainer/testing";
import { expect, onTestFinished, test } from "vitest";
import { temporaryDir } from "../test/temporary-dir.ts";
import { createTfjsEngine } from "./index.ts";

const POLICY = {
  kind: "policy-gradient",
  clipLow: 0.2,
  clipHigh: 0.28,
  klCoefficient: 0,
  normalization: { kind: "dapo" },
} as const;

const LOSSES: readonly Loss[] = [
  { kind: "cross-entropy" },
  { ...POLICY, normalization: { kind: "grpo" }, klCoefficient: 0.1 },
  POLICY,
  { ...POLICY, normalization: { kind: "dr_grpo", sequences: 9, maxTokens: 20 } },
  { ...POLICY, surrogate: "gspo", clipLow: 0.5 },
  { ...POLICY, surrogate: "cispo", entropyCoefficient: 0.3 },
];

const FAMILIES: readonly DecoderConfig[] = [
  { ...MICRO_CONFIG, numHeads: 4, numKvHeads: 2 },
  {
    ...MICRO_CONFIG,
    modelType: "llama",
    tieWordEmbeddings: false,
    biases: [
      "self_attn.q_proj",
      "self_attn.k_proj",
      "self_attn.v_proj",
      "self_attn.o_proj",
      "mlp.gate_proj",
      "mlp.up_proj",
      "mlp.down_proj",
    ],
    ropeScaling: {
      type: "llama3",
      factor: 8,
      lowFreqFactor: 1,
      highFreqFactor: 4,
      originalMaxPositions: 32,
    },
  },
  { ...MICRO_CONFIG, modelType: "phi3", rotaryDim: 4, numKvHeads: 2, tieWordEmbeddings: false },
];

/** Livelier than untrained ones, which are almost the same for every token; biases included. */
function lively(config: DecoderConfig): ModelFiles {
  const weights = new Map(
    [...initWeights(config, 3)].map(([name, { shape, data }]) => {
      const scaled = data.map((value, i) => (name.endsWith(".bias") ? 0.3 * Math.sin(i) : 8 * value));
      return [name, { shape, data: name.endsWith("norm.weight") ? data : scaled }] as const;
    }),
  );
  const bare = new Map([...microModel().files].filter(([name]) => name !== "config.json"));
  return toModelFiles(config, weights, bare);
}

async function both(model: ModelFiles): Promise<readonly [onnx: Engine, tfjs: Engine]> {
  const engines = [
    await createOnnxEngine(model, { rows: 8, threads: 1 }),
    await createTfjsEngine(model, { backend: "wasm" }),
  ] as const;
  onTestFinished(async () => void (await Promise.all(engines.map((engine) => engine.close()))));
  return engines;
}

/** More than one batch, of unlike lengths, with weights of both signs and ratios that are clipped. */
async function dataFrom(engine: Engine): Promise<readonly Datum[]> {
  const prompts = [1, 60, 9, 33, 70, 20].map((length) =>
    Int32Array.from({ length }, (_, i) => (7 * i + length) % 48),
  );
  const sampled = await Promise.all(
    prompts.map((prompt, seed) => engine.sample(prompt, { n: 2, maxTokens: 24, temperature: 1, seed })),
  );
  return prompts.flatMap((prompt, p) =>
    (sampled[p] ?? []).map(({ tokens, logprobs }, i) => ({
      prompt,
      targets: tokens,
      weights: Float32Array.from(tokens, (_, t) => Math.sin(2 * t + i + p)),
      logprobs: logprobs.map((logprob, t) => logprob + 0.4 * Math.sin(3 * t + p)),
      reference: logprobs.map((logprob, t) => logprob + 0.1 * Math.sin(t)),
    })),
  );
}

function apart(own: readonly ArrayLike<number>[], other: readonly ArrayLike<number>[]): number {
  expect(own.map(({ length }) => length)).toEqual(other.map(({ length }) => length));
  const differences = own.flatMap((row, i) =>
    Array.from(row, (value, t) => Math.abs(value - (other[i]?.[t] as number))),
  );
  return Math.max(...differences);
}

test.each(FAMILIES)(
  "a model of $modelType: log-probabilities, tokens, losses and gradients",
  async (config) => {
    const [onnx, tfjs] = await both(lively(config));
    const data = await dataFrom(onnx);
    // The same tokens: they were drawn with the same seeds.
    const again = await dataFrom(tfjs);
    expect(again.map(({ targets }) => targets)).toEqual(data.map(({ targets }) => targets));
    expect(apart(await tfjs.forward(data), await onnx.forward(data))).toBeLessThan(1e-4);
    for (const loss of LOSSES) {
      const given =
        loss.kind === "cross-entropy" ? data.map((d) => ({ ...d, weights: d.weights.map(Math.abs) })) : data;
      const [own, other] = await Promise.all(
        [tfjs, onnx].map(async (engine) => {
          const dir = await temporaryDir();
          const start = await engine.saveState(join(dir, "start"));
          const report = await engine.forwardBackward(given, loss);
          // With an ε far above any gradient, Adam's first step is −learningRate/ε times the gradient: here 8 times it.
          const { gradNorm } = await engine.optimStep({ learningRate: 8e6, epsilon: 1e6 });
          await engine.exportModel(join(dir, "model"));
          await engine.loadState(start);
          const { weights } = await readModelDir(join(dir, "model"));
          return {
            report,
            gradNorm,
            weights: [...weights.keys()].sort().map((name) => weights.get(name)?.data ?? []),
          };
        }),
      );
      for (const [name, value] of Object.entries(other?.report ?? {})) {
        const found = own?.report[name as keyof typeof own.report] as number;
        expect(Math.abs(found - value), `${JSON.stringify(loss)}: ${name}`).toBeLessThan(
          1e-5 * (1 + Math.abs(value)),
        );
      }
      const norm = other?.gradNorm ?? Number.NaN;
      expect(Math.abs((own?.gradNorm ?? Number.NaN) / norm - 1)).toBeLessThan(1e-4);
      expect(apart(own?.weights ?? [], other?.weights ?? []) / 8, JSON.stringify(loss)).toBeLessThan(
        1e-4 * norm,
      );
    }
  },
  120_000,
);

test("the built-in model writes the same tokens, drawn and greedy", async () => {
  const model = await readModelDir(builtinModelDir("countdown"));
  const [onnx, tfjs] = await both(model);
  const prompts = [
    [3, 5, 7, 22],
    [2, 9, 14, 30],
    [6, 6, 1, 11],
  ].map(([a, b, c, target]) =>
    model.tokenizer.encodeChat([
      { role: "user", content: `{"numbers":[${a},${b},${c}],"target":${target}}` },
    ]),
  );
  for (const temperature of [0, 1]) {
    const [own, other] = await Promise.all(
      [tfjs, onnx].map((engine) =>
        Promise.all(
          prompts.map((prompt, seed) => engine.sample(prompt, { n: 2, maxTokens: 32, temperature, seed })),
        ),
      ),
    );
    const tokensOf = (all: typeof own) => all?.flat().map(({ tokens, finish }) => ({ tokens, finish }));
    expect(tokensOf(own)).toEqual(tokensOf(other));
    const logprobsOf = (all: typeof own) => all?.flat().map(({ logprobs }) => logprobs) ?? [];
    expect(apart(logprobsOf(own), logprobsOf(other))).toBeLessThan(1e-4);
  }
});

test("a state that one engine saved is the other's, bit for bit", async () => {
  const [onnx, tfjs] = await both(microModel(1));
  const [datum] = await dataFrom(onnx);
  await tfjs.forwardBackward([datum as Datum], { kind: "cross-entropy" });
  await tfjs.optimStep({ learningRate: 1e-2, weightDecay: 0.1 });
  await onnx.loadState(await tfjs.saveState(join(await temporaryDir(), "state")));
  expect(await onnx.weightsVersion()).toBe(await tfjs.weightsVersion());
});
