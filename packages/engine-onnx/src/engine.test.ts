import { join } from "node:path";
import {
  type DecoderConfig,
  initWeights,
  type Loss,
  readModelDir,
  saveCheckpoint,
  toModelFiles,
} from "@rrr/trainer";
import { MICRO_CONFIG, microModel, testEngine } from "@rrr/trainer/testing";
import { expect, test } from "vitest";
import { temporaryDir } from "../test/temporary-dir.ts";
import { createOnnxEngine } from "./index.ts";

const options = { rows: 8, threads: 1 };

test("it keeps the engine contract", async () => {
  expect(await testEngine(() => createOnnxEngine(microModel(1), options))).toEqual({
    findings: [],
    untested: [],
  });
});

test("it keeps the engine contract with an output projection of its own and several key heads", async () => {
  const config = { ...MICRO_CONFIG, tieWordEmbeddings: false, numHeads: 4, numKvHeads: 2, numLayers: 1 };
  const { files } = microModel();
  const bare = new Map([...files].filter(([name]) => name !== "config.json"));
  const model = toModelFiles(config, initWeights(config, 2), bare);
  expect(await testEngine(() => createOnnxEngine(model, options))).toEqual({ findings: [], untested: [] });
});

const families: readonly DecoderConfig[] = [
  {
    ...MICRO_CONFIG,
    modelType: "llama",
    numHeads: 4,
    numKvHeads: 2,
    ropeScaling: {
      type: "yarn",
      factor: 4,
      attentionFactor: 1.1,
      betaFast: 8,
      betaSlow: 1,
      truncate: true,
      originalMaxPositions: 32,
    },
  },
  {
    ...MICRO_CONFIG,
    modelType: "qwen2",
    biases: ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"],
  },
  { ...MICRO_CONFIG, modelType: "phi3", rotaryDim: 4, numKvHeads: 2, tieWordEmbeddings: false },
];

test.each(families)("it keeps the engine contract with a model of $modelType", async (config) => {
  const bare = new Map([...microModel().files].filter(([name]) => name !== "config.json"));
  const model = toModelFiles(config, initWeights(config, 2), bare);
  expect(await testEngine(() => createOnnxEngine(model, options))).toEqual({ findings: [], untested: [] });
});

test("a context that ends early says why", async () => {
  const { weights, files } = microModel();
  const config = { ...MICRO_CONFIG, maxPositions: 16, positionsLimit: "its sliding_window" };
  const engine = await createOnnxEngine(toModelFiles(config, weights, files), options);
  await expect(
    engine.sample(new Int32Array(10).fill(7), { n: 1, maxTokens: 10, temperature: 1, seed: 0 }),
  ).rejects.toThrow("the context of 16: its sliding_window");
  await engine.close();
});

test("an engine that is wrong is found out", async () => {
  const create = async (): ReturnType<typeof createOnnxEngine> => {
    const engine = await createOnnxEngine(microModel(1), options);
    return {
      ...engine,
      forwardBackward: (data, loss) =>
        engine.forwardBackward(
          data.map((datum) => ({
            ...datum,
            weights: datum.weights.map((weight) => weight + 0.1),
          })),
          loss,
        ),
      loadState: async () => {},
    };
  };
  const codes = (await testEngine(create)).findings.map(({ code }) => code);
  expect(codes).toEqual(expect.arrayContaining(["wrong-loss", "gradient-leaks", "state-lost"]));
});

test("an exported model is the same model", async () => {
  const dir = join(await temporaryDir(), "model");
  const engine = await createOnnxEngine(microModel(3), options);
  const datum = {
    prompt: Int32Array.of(1, 2),
    targets: Int32Array.of(3, 4),
    weights: Float32Array.of(1, 1),
  };
  await engine.forwardBackward([datum], { kind: "cross-entropy" });
  await engine.optimStep({ learningRate: 1e-2 });
  await engine.exportModel(dir);
  const again = await createOnnxEngine(await readModelDir(dir), options);
  expect(await again.weightsVersion()).toBe(await engine.weightsVersion());
  expect(await again.forward([datum])).toEqual(await engine.forward([datum]));
  await engine.close();
  await again.close();
});

test("a checkpoint is a model in Hugging Face layout", async () => {
  const engine = await createOnnxEngine(microModel(1), options);
  const { dir, model } = await saveCheckpoint(await temporaryDir(), engine, 120);
  expect(model).toEqual({ kind: "folder", path: dir, layout: "hugging-face" });
  expect((await readModelDir(dir)).weights).toEqual(microModel(1).weights);
  await engine.close();
});

test("what makes no sense is refused with the reason", async () => {
  await expect(createOnnxEngine(microModel(), { rows: 0 })).rejects.toMatchObject({ code: "bad-argument" });
  await expect(createOnnxEngine(microModel(), { lanes: 2, memory: 1e9 })).rejects.toMatchObject({
    code: "bad-argument",
  });
  await expect(createOnnxEngine(microModel(), { threads: -1 })).rejects.toThrow("threads is -1");
  const engine = await createOnnxEngine(microModel(), options);
  const datum = { prompt: Int32Array.of(1), targets: Int32Array.of(2), weights: Float32Array.of(1) };
  const loss = { kind: "cross-entropy" } as const;
  for (const [broken, message] of [
    [{ ...datum, prompt: Int32Array.of() }, "the prompt is empty"],
    [{ ...datum, targets: Int32Array.of() }, "there are no targets"],
    [{ ...datum, targets: Int32Array.of(48) }, "token 48 is not in the vocabulary of 48"],
    [{ ...datum, weights: Float32Array.of(1, 1) }, "2 weights for 1 targets"],
    [{ ...datum, weights: Float32Array.of(Number.NaN) }, "weights hold a value that is no number"],
  ] as const) {
    await expect(engine.forwardBackward([broken], loss)).rejects.toThrow(message);
  }
  await expect(
    engine.forwardBackward([datum], {
      kind: "policy-gradient",
      clipLow: 0.2,
      clipHigh: 0.2,
      klCoefficient: 0,
      normalization: { kind: "dapo" },
    }),
  ).rejects.toThrow("logprobs are missing");
  for (const unknown of ["ppo", undefined]) {
    const other = { kind: unknown } as unknown as Loss;
    await expect(engine.forwardBackward([datum], other)).rejects.toMatchObject({ code: "bad-argument" });
  }
  await expect(engine.forward([{ ...datum, prompt: new Int32Array(200).fill(1) }])).rejects.toMatchObject({
    code: "context-overflow",
  });
  expect((await engine.forwardBackward([], loss)).tokens).toBe(0);
  await engine.close();
  await expect(engine.forward([datum])).rejects.toMatchObject({ code: "aborted" });
  await expect(
    engine.sample(datum.prompt, { n: 1, maxTokens: 1, temperature: 1, seed: 0 }),
  ).rejects.toMatchObject({
    code: "aborted",
  });
});

/** A model whose final norm multiplies by what is given: what a damaged file or a checkpoint of a bad run may hold. */
function broken(scale: number): ReturnType<typeof microModel> {
  const model = microModel(1);
  const name = "model.norm.weight";
  const norm = { shape: [16], data: new Float32Array(16).fill(scale) };
  return { ...model, weights: new Map([...model.weights, [name, norm]]) };
}

test.each([Number.NaN, Number.POSITIVE_INFINITY, 3e38])("weights of %s are no answers", async (scale) => {
  const engine = await createOnnxEngine(broken(scale), options);
  const prompt = Int32Array.of(1, 2, 3);
  for (const temperature of [0, 1]) {
    const sampled = engine.sample(prompt, { n: 3, maxTokens: 5, temperature, seed: 1 });
    await expect(sampled).rejects.toMatchObject({
      code: "diverged",
      hint: expect.stringContaining("damaged"),
    });
  }
  const datum = { prompt, targets: Int32Array.of(4), weights: Float32Array.of(1) };
  await expect(engine.forward([datum])).rejects.toMatchObject({ code: "diverged" });
  await engine.close();
});

test("numbers whose squares are infinite are no answers, though every weight is a number", async () => {
  const model = microModel(1);
  const huge = new Map(
    [...model.weights].map(([name, { shape, data }]) => {
      const isHuge = name.includes("layers.0.mlp") || name.includes("layers.0.post_attention");
      return [name, { shape, data: isHuge ? data.map((_, i) => (i % 3 === 0 ? -9e5 : 1e6)) : data }] as const;
    }),
  );
  const engine = await createOnnxEngine({ ...model, weights: huge }, options);
  const prompt = Int32Array.of(1, 2, 3);
  const sampled = engine.sample(prompt, { n: 3, maxTokens: 5, temperature: 1, seed: 1 });
  await expect(sampled).rejects.toMatchObject({ code: "diverged" });
  const datum = { prompt, targets: Int32Array.of(4), weights: Float32Array.of(1) };
  await expect(engine.forward([datum])).rejects.toMatchObject({ code: "diverged" });
  await engine.close();
});

test("a step that ruins the weights has diverged, even where the next answers would be numbers", async () => {
  const engine = await createOnnxEngine(microModel(1), options);
  const prompt = Int32Array.of(1, 2, 3);
  await engine.forwardBackward([{ prompt, targets: Int32Array.of(4), weights: Float32Array.of(1) }], {
    kind: "cross-entropy",
  });
  await expect(engine.optimStep({ learningRate: 1e38 })).rejects.toMatchObject({ code: "diverged" });
  await engine.close();
});

test("a temperature next to 0 is as good as 0, not a broken model", async () => {
  const engine = await createOnnxEngine(microModel(1), options);
  const ask = async (temperature: number) => {
    const [completion] = await engine.sample(Int32Array.of(1, 2, 3), {
      n: 1,
      maxTokens: 8,
      temperature,
      seed: 1,
    });
    return completion?.tokens;
  };
  expect(await ask(1e-300)).toEqual(await ask(0));
  await engine.close();
});

test("a context of a million positions costs only what is used", async () => {
  const config = { ...MICRO_CONFIG, maxPositions: 1_010_000 };
  const model = { ...microModel(1), config };
  const [long, short] = [
    await createOnnxEngine(model, options),
    await createOnnxEngine(microModel(1), options),
  ];
  const before = process.memoryUsage();
  const ask = (engine: Awaited<ReturnType<typeof createOnnxEngine>>) =>
    engine.sample(Int32Array.of(1, 2, 3), { n: 4, maxTokens: 60, temperature: 1, seed: 1 });
  expect(await ask(long)).toEqual(await ask(short));
  const after = process.memoryUsage();
  expect(after.rss - before.rss).toBeLessThan(200e6);
  await Promise.all([long.close(), short.close()]);
});
