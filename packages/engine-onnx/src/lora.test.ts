import { cp, mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { toOnnx } from "@rrr/autodiff";
import {
  type Adapter,
  type AdapterBase,
  type Datum,
  type Engine,
  elements,
  hashWeights,
  initAdapter,
  loadCheckpoint,
  loraNames,
  type ModelFiles,
  newestCheckpoint,
  readAdaptedDir,
  readModelDir,
  saveCheckpoint,
  toModelFiles,
  type Weights,
  weightShapes,
  writeAdapterDir,
  writeModelDir,
} from "@rrr/trainer";
import { MICRO_CONFIG, microModel, microTextFiles, testEngine } from "@rrr/trainer/testing";
import { expect, onTestFinished, test } from "vitest";
import { openLearner } from "../test/open-learner.ts";
import { temporaryDir } from "../test/temporary-dir.ts";
import { loraParameters } from "./decoder/parameters.ts";
import plugin, { createOnnxEngine } from "./index.ts";
import { scoringGraph, trainingGraph } from "./learn/scoring-graph.ts";

const options = { rows: 8, threads: 1 };
const golden = fileURLToPath(new URL("../test/golden/", import.meta.url));
const crossEntropy = { kind: "cross-entropy" } as const;
const datum: Datum = {
  prompt: Int32Array.of(1, 2, 9),
  targets: Int32Array.of(3, 4, 5),
  weights: Float32Array.of(1, 1, 1),
};

/** An adapter that changes its model. */
function lively(rank = 4): Adapter {
  const { modules, rslora } = initAdapter(MICRO_CONFIG, { rank, alpha: rank });
  const grown = [...modules].map(([name, module], key) => {
    const data = module.b.data.map((_, i) => 0.1 * Math.sin(0.7 * i * i + key));
    return [name, { ...module, b: { ...module.b, data } }] as const;
  });
  return { modules: new Map(grown), rslora };
}

async function open(model: ModelFiles, adapter?: Adapter, folder?: string): Promise<Engine> {
  const engine = await createOnnxEngine(model, {
    ...options,
    ...(adapter && { adapter }),
    ...(folder && { folder }),
  });
  onTestFinished(() => engine.close());
  return engine;
}

async function step(engine: Engine, learningRate = 1e-2): Promise<void> {
  await engine.forwardBackward([datum], crossEntropy);
  await engine.optimStep({ learningRate });
}

const sampled = (engine: Engine) =>
  engine.sample(datum.prompt, { n: 6, maxTokens: 12, temperature: 1, seed: 3 });

test("it keeps the engine contract", async () => {
  const create = () => createOnnxEngine(microModel(1), { ...options, adapter: lively() });
  expect(await testEngine(create, { learningRate: 2e-4 })).toEqual({
    findings: [],
    untested: [],
  });
});

test("a new adapter changes nothing, to the last bit", async () => {
  const [bare, adapted] = [
    await open(microModel(1)),
    await open(microModel(1), initAdapter(MICRO_CONFIG, { rank: 4 })),
  ];
  expect(adapted.capabilities.trains).toBe("lora");
  expect(await adapted.forward([datum])).toEqual(await bare.forward([datum]));
  expect(await sampled(adapted)).toEqual(await sampled(bare));
  await step(adapted);
  await step(adapted);
  expect(await adapted.forward([datum])).not.toEqual(await bare.forward([datum]));
  // What the KL penalty holds on to is still there.
  expect(await adapted.initial?.forward([datum])).toEqual(await bare.forward([datum]));
});

test("the model's arrays are read where they are, and never written", async () => {
  const model = microModel(1);
  const before = hashWeights(model.weights);
  const { feeds } = loraParameters(MICRO_CONFIG, model.weights, lively());
  for (const [name, { data }] of model.weights) expect(feeds[name]).toBe(data);
  const engine = await open(model, lively());
  await step(engine);
  await engine.exportModel(join(await temporaryDir(), "model"));
  expect(hashWeights(model.weights)).toBe(before);
});

test("nothing is differentiated that is frozen", () => {
  const adapter = initAdapter(MICRO_CONFIG, { rank: 2, targets: ["down_proj"] });
  const last = [...adapter.modules].slice(-1);
  const parameters = loraParameters(MICRO_CONFIG, microModel(1).weights, {
    ...adapter,
    modules: new Map(last),
  });
  const shape = { rows: 1, length: 64, slots: 32 };
  const products = (graph: Parameters<typeof toOnnx>[0]): number =>
    // Each is named by its kind as well.
    (Buffer.from(toOnnx(graph)).toString("latin1").split("FusedMatMul").length - 1) / 2;
  const forward = products({ ...scoringGraph(MICRO_CONFIG, parameters, shape) });
  const trained = trainingGraph(MICRO_CONFIG, parameters, shape, crossEntropy);
  const [[projection = ""] = []] = last;
  expect(Object.keys(trained).filter((name) => name.startsWith("gradient"))).toEqual(
    loraNames(projection).map((name) => `gradient of ${name}`),
  );
  // Through the output to the hidden states, the mean in the norm's gradient, through B, and A's and B's own.
  expect(products(trained) - forward).toBe(5);
});

test("gradients and log-probabilities are those of PyTorch and peft", async () => {
  const weights = byFormula();
  const model = toModelFiles(MICRO_CONFIG, weights, microTextFiles());
  const dir = await temporaryDir();
  await writeModelDir(join(dir, "base"), model, "F32");
  const { adapter } = await readAdaptedDir(join(dir, "base"), join(golden, "peft-adapter"));
  const expected = JSON.parse(await readFile(join(golden, "lora.json"), "utf8"));
  const data: Datum[] = expected.data.map((each: Record<keyof Datum, number[]>) => ({
    prompt: Int32Array.from(each.prompt),
    targets: Int32Array.from(each.targets),
    weights: Float32Array.from(each.weights),
  }));
  const parameters = loraParameters(MICRO_CONFIG, weights, adapter as Adapter);
  const learner = openLearner(MICRO_CONFIG, parameters, { threads: 1 });
  onTestFinished(() => learner.close());
  for (const [i, row] of (await learner.forward(data)).entries()) {
    for (const [t, value] of row.entries()) expect(value).toBeCloseTo(expected.logprobs[i][t], 5);
  }
  const { loss } = await learner.forwardBackward(data, crossEntropy);
  expect(loss).toBeCloseTo(expected.loss, 5);
  // Adam with an ε far above the gradient steps along the gradient itself.
  const before = parameters.values.slice();
  learner.optimiser.step({ learningRate: 1e7, epsilon: 1e5 });
  for (const { name, offset, size } of parameters.trained.placements.values()) {
    const slope: number[] = expected.gradients[name];
    const differences = slope.map((value, i) => {
      const moved = (before[offset + i] as number) - (parameters.values[offset + i] as number);
      return moved / 100 - value;
    });
    expect(slope).toHaveLength(size);
    expect(Math.hypot(...differences) / Math.hypot(...slope), name).toBeLessThan(1e-4);
  }
});

/** The formula of test/golden/lora.py. */
function byFormula(): Weights {
  const names = [...weightShapes(MICRO_CONFIG)].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(
    names.map(([name, shape], key) => {
      const [amplitude, mean] = shape.length === 1 ? [0.3, 1] : [0.2, 0];
      const data = Float32Array.from(
        { length: elements(shape) },
        (_, i) => mean + amplitude * Math.sin(0.7 * i + 1.3 * key),
      );
      return [name, { shape, data }];
    }),
  );
}

test("an adapter alone is the model that it makes of its base, and so is the merged export", async () => {
  const dir = await temporaryDir();
  await writeModelDir(join(dir, "base"), microModel(1), "F32");
  const engine = await open(await readModelDir(join(dir, "base")), lively(), join(dir, "base"));
  await step(engine);
  const [logprobs] = await engine.forward([datum]);
  expect(await engine.exportAdapter?.(join(dir, "adapter"))).toMatchObject({ layout: "peft" });
  await engine.exportModel(join(dir, "merged"));
  for (const name of ["adapter", "merged"]) {
    const again = await open(await readModelDir(join(dir, name)));
    const [own] = await again.forward([datum]);
    own?.forEach((value, t) => void expect(value).toBeCloseTo(logprobs?.[t] as number, 5));
  }
  // Apart from its base it goes on as it was.
  const { model, adapter } = await readAdaptedDir(join(dir, "adapter"));
  expect(await (await open(model, adapter)).forward([datum])).toEqual([logprobs]);
  // Both moved together; and beside the model itself.
  await cp(join(dir, "base"), join(dir, "elsewhere/base"), { recursive: true });
  await cp(join(dir, "adapter"), join(dir, "elsewhere/adapter"), { recursive: true });
  await cp(join(dir, "base"), join(dir, "both"), { recursive: true });
  await cp(join(dir, "adapter"), join(dir, "both"), { recursive: true });
  await rm(join(dir, "base"), { recursive: true });
  for (const name of ["elsewhere/adapter", "both"]) {
    const moved = await readAdaptedDir(join(dir, name));
    expect(await (await open(moved.model, moved.adapter)).forward([datum])).toEqual([logprobs]);
  }
  await expect(readModelDir(join(dir, "adapter"))).rejects.toMatchObject({
    code: "bad-model",
    hint: expect.stringContaining("--adapter"),
  });
  const readme = await readFile(join(dir, "adapter/README.md"), "utf8");
  expect(readme).toContain("- Base model: base\n- Licence of the base: unknown\n- Adapter: rank 4, alpha 4");
  expect(readme).not.toContain(dir);
  await writeModelDir(join(dir, "base"), microModel(2), "F32");
  await expect(readModelDir(join(dir, "adapter"))).rejects.toThrow("is an adapter of another model");
});

test("a checkpoint holds the adapter, and training goes on from it bit for bit", async () => {
  const dir = await temporaryDir();
  await writeModelDir(join(dir, "base"), microModel(1), "F32");
  const create = async () => {
    const engine = await plugin.open({ model: join(dir, "base"), options: { ...options, lora: 4 } });
    onTestFinished(() => engine.close());
    return engine;
  };
  const first = await create();
  await step(first);
  const saved = await saveCheckpoint(join(dir, "checkpoints"), first, 1);
  expect(saved.model).toEqual({ kind: "folder", path: saved.dir, layout: "peft" });
  await step(first);
  const second = await create();
  await loadCheckpoint(second, (await newestCheckpoint(join(dir, "checkpoints"))) ?? saved);
  await step(second);
  expect(await second.weightsVersion()).toBe(await first.weightsVersion());
  expect(await second.forward([datum])).toEqual(await first.forward([datum]));
  // The checkpoint as a model, trained on as an adapter.
  const third = await plugin.open({ model: saved.dir, options: { ...options, lora: 4 } });
  onTestFinished(() => third.close());
  expect(await third.weightsVersion()).toBe(saved.weightsVersion);
  for (const wrong of [{ lora: 2 }, { lora: 4, loraAlpha: 3 }]) {
    await expect(plugin.open({ model: saved.dir, options: wrong })).rejects.toMatchObject({
      code: "bad-argument",
    });
  }
  // Another base, another scale, all weights: none of them is what was saved.
  await writeModelDir(join(dir, "other"), microModel(2), "F32");
  for (const [model, other] of [
    ["other", { lora: 4 }],
    ["base", { lora: 4, loraAlpha: 1 }],
    ["base", { lora: 2 }],
    ["base", {}],
  ] as const) {
    const engine = await plugin.open({ model: join(dir, model), options: { ...options, ...other } });
    onTestFinished(() => engine.close());
    const version = await engine.weightsVersion();
    await expect(engine.loadState(saved.state)).rejects.toMatchObject({ code: "bad-checkpoint" });
    expect(await engine.weightsVersion()).toBe(version);
  }
});

test("what makes no sense of an adapter is refused by name", async () => {
  const dir = await temporaryDir();
  await mkdir(join(dir, "empty"));
  await writeModelDir(join(dir, "base"), microModel(1), "F32");
  const opened = (given: object) => plugin.open({ model: join(dir, "base"), options: given });
  await expect(opened({ lora: 17 })).rejects.toThrow("a rank of 17 for model.layers.0.self_attn");
  await expect(opened({ lora: 2, loraTargets: ["w1"] })).rejects.toMatchObject({
    message: expect.stringContaining("no projection w1"),
    hint: expect.stringContaining("q_proj, k_proj"),
  });
  await expect(opened({ loraAlpha: 2 })).rejects.toMatchObject({ hint: expect.stringContaining("--lora") });
  await expect(opened({ lora: 2, adapter: join(dir, "empty") })).rejects.toMatchObject({ code: "bad-model" });
  const base: AdapterBase = { name: "base", sha256: hashWeights(microModel(1).weights) };
  await writeAdapterDir(join(dir, "own"), lively(2), MICRO_CONFIG, base);
  const engine = await opened({ lora: 2, adapter: join(dir, "own"), threads: 1, rows: 8 });
  onTestFinished(() => engine.close());
  const merged = await opened({ adapter: join(dir, "own"), threads: 1, rows: 8 });
  onTestFinished(() => merged.close());
  const [[own], [all]] = [await engine.forward([datum]), await merged.forward([datum])];
  own?.forEach((value, t) => void expect(value).toBeCloseTo(all?.[t] as number, 5));
});
