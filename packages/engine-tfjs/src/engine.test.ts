import { type Engine, initWeights, type Loss, toModelFiles } from "@rrr/trainer";
import { MICRO_CONFIG, microModel } from "@rrr/trainer/testing";
import { expect, onTestFinished, test } from "vitest";
import plugin, { createTfjsEngine, type TfjsEngineOptions } from "./index.ts";
import { openRuntime } from "./runtime/open-runtime.ts";

const PROMPT = Int32Array.of(1, 2, 3);
const DATUM = { prompt: PROMPT, targets: Int32Array.of(4), weights: Float32Array.of(1) };

async function opened(model = microModel(1), options: TfjsEngineOptions = {}): Promise<Engine> {
  const engine = await createTfjsEngine(model, { backend: "wasm", ...options });
  onTestFinished(() => engine.close());
  return engine;
}

test.each(["wasm", "cpu"] as const)(
  "on %s, neither company nor rounds change a bit of a completion",
  async (backend) => {
    const few = await opened(microModel(1), { backend, rows: 3 });
    const many = await opened(microModel(1), { backend });
    const prompts = [1, 60, 2, 17, 49].map((length) =>
      Int32Array.from({ length }, (_, i) => (5 * i + length) % 48),
    );
    const options = { n: 2, maxTokens: 20, temperature: 1 };
    const ask = (engine: Engine, seed: number) =>
      engine.sample(prompts[seed] as Int32Array, { ...options, seed });
    const together = await Promise.all(prompts.map((_, seed) => ask(many, seed)));
    const inRounds = await Promise.all(prompts.map((_, seed) => ask(few, seed)));
    expect(inRounds).toEqual(together);
    for (const seed of prompts.keys()) expect(await ask(many, seed)).toEqual(together[seed]);
  },
);

test("a call that comes while others are written is answered after them", async () => {
  const engine = await opened();
  const first = engine.sample(PROMPT, { n: 2, maxTokens: 30, temperature: 1, seed: 1 });
  await new Promise((resolve) => setImmediate(resolve));
  const second = await engine.sample(PROMPT, { n: 1, maxTokens: 2, temperature: 1, seed: 2 });
  expect([(await first).length, second.length]).toEqual([2, 1]);
});

test("nothing is left on the backend but the weights", async () => {
  const { tf } = await openRuntime("wasm");
  const before = tf.memory().numTensors;
  const engine = await createTfjsEngine(microModel(1), { backend: "wasm" });
  const work = async (): Promise<number> => {
    await engine.sample(PROMPT, { n: 3, maxTokens: 10, temperature: 1, seed: 1 });
    await engine.forwardBackward([DATUM, DATUM], { kind: "cross-entropy" });
    await engine.optimStep({ learningRate: 1e-3 });
    await engine.forward([DATUM]);
    return tf.memory().numTensors;
  };
  const first = await work();
  expect(await work()).toBe(first);
  const aborted = AbortSignal.timeout(1);
  await engine
    .sample(PROMPT, { n: 9, maxTokens: 90, temperature: 1, seed: 1, signal: aborted })
    .catch(() => {});
  const huge = { ...DATUM, weights: Float32Array.of(-1), logprobs: Float32Array.of(-1e9) };
  const loss: Loss = {
    kind: "policy-gradient",
    clipLow: 1,
    clipHigh: 1,
    klCoefficient: 0,
    normalization: { kind: "dapo" },
  };
  await expect(engine.forwardBackward([huge], loss)).rejects.toMatchObject({ code: "diverged" });
  await engine.forward([DATUM]);
  expect(tf.memory().numTensors).toBe(first);
  await engine.close();
  expect(tf.memory().numTensors).toBe(before);
});

test("what makes no sense is refused with the reason", async () => {
  await expect(createTfjsEngine(microModel(), { rows: 0 })).rejects.toMatchObject({ code: "bad-argument" });
  const engine = await createTfjsEngine(microModel(), { backend: "wasm" });
  const loss = { kind: "cross-entropy" } as const;
  for (const [broken, message] of [
    [{ ...DATUM, prompt: Int32Array.of() }, "the prompt is empty"],
    [{ ...DATUM, targets: Int32Array.of(48) }, "token 48 is not in the vocabulary of 48"],
    [{ ...DATUM, weights: Float32Array.of(1, 1) }, "2 weights for 1 targets"],
  ] as const) {
    await expect(engine.forwardBackward([broken], loss)).rejects.toThrow(message);
  }
  const other = { kind: "ppo" } as unknown as Loss;
  await expect(engine.forwardBackward([DATUM], other)).rejects.toMatchObject({ code: "bad-argument" });
  expect((await engine.forwardBackward([], loss)).tokens).toBe(0);
  const writing = engine.sample(PROMPT, { n: 4, maxTokens: 90, temperature: 1, seed: 0 });
  const closed = engine.close();
  await expect(writing).rejects.toMatchObject({ code: "aborted" });
  await closed;
  await expect(engine.forward([DATUM])).rejects.toMatchObject({ code: "aborted" });
  const late = engine.sample(PROMPT, { n: 1, maxTokens: 1, temperature: 1, seed: 0 });
  await expect(late).rejects.toMatchObject({ code: "aborted" });
});

/** What a damaged file or a checkpoint of a bad run may hold. */
function broken(scale: number): ReturnType<typeof microModel> {
  const model = microModel(1);
  const norm = { shape: [16], data: new Float32Array(16).fill(scale) };
  return { ...model, weights: new Map([...model.weights, ["model.norm.weight", norm]]) };
}

/** Numbers whose squares are infinite: norms make zeros of them. */
function overflowing(): ReturnType<typeof microModel> {
  const model = microModel(1);
  const weights = [...model.weights].map(([name, { shape, data }]) => {
    const isHuge = name.includes("layers.0.mlp") || name.includes("layers.0.post_attention");
    return [name, { shape, data: isHuge ? data.map((_, i) => (i % 3 === 0 ? -9e5 : 1e6)) : data }] as const;
  });
  return { ...model, weights: new Map(weights) };
}

test.each([
  ["NaN", broken(Number.NaN)],
  ["infinity", broken(Number.POSITIVE_INFINITY)],
  ["3e38", broken(3e38)],
  ["numbers whose squares are infinite", overflowing()],
] as const)("weights of %s are no answers", async (_, model) => {
  const engine = await opened(model);
  for (const temperature of [0, 1]) {
    const sampled = engine.sample(PROMPT, { n: 3, maxTokens: 5, temperature, seed: 1 });
    await expect(sampled).rejects.toMatchObject({ code: "diverged" });
  }
  await expect(engine.forward([DATUM])).rejects.toMatchObject({ code: "diverged" });
});

test("a step that ruins the weights has diverged", async () => {
  const engine = await opened();
  await engine.forwardBackward([DATUM], { kind: "cross-entropy" });
  await expect(engine.optimStep({ learningRate: 1e38 })).rejects.toMatchObject({ code: "diverged" });
});

test("a temperature next to 0 is as good as 0", async () => {
  const engine = await opened();
  const ask = async (temperature: number) =>
    (await engine.sample(PROMPT, { n: 1, maxTokens: 8, temperature, seed: 1 }))[0]?.tokens;
  expect(await ask(1e-300)).toEqual(await ask(0));
});

test("a context of a million positions costs only what is used", async () => {
  const config = { ...MICRO_CONFIG, maxPositions: 1_010_000 };
  const bare = new Map([...microModel().files].filter(([name]) => name !== "config.json"));
  const long = await opened(toModelFiles(config, initWeights(config, 1), bare));
  const before = process.memoryUsage().rss;
  await long.sample(PROMPT, { n: 4, maxTokens: 60, temperature: 1, seed: 1 });
  await long.forward([DATUM]);
  expect(process.memoryUsage().rss - before).toBeLessThan(200e6);
});

test("by name, options that it does not have are refused", async () => {
  const model = "/nowhere";
  await expect(plugin.open({ model, options: { lora: 4 } as object })).rejects.toThrow('no option "lora"');
  await expect(plugin.open({ model, options: { backend: "gpu" } as object })).rejects.toThrow(
    "node-gpu, node, wasm, cpu",
  );
  await expect(plugin.open({ model })).rejects.toMatchObject({ code: "bad-model" });
});
