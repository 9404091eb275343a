import { createSession } from "@rrr/autodiff";
import type { Datum, Engine, SampleOptions, TokenCompletion } from "@rrr/trainer";
import { initWeights } from "@rrr/trainer";
import { MICRO_CONFIG, microModel } from "@rrr/trainer/testing";
import { expect, test } from "vitest";
import { openLearner } from "../../test/open-learner.ts";
import { fullParameters } from "../decoder/parameters.ts";
import { createOnnxEngine } from "../index.ts";
import { batchSizes } from "../memory.ts";
import { createKvCache } from "./kv-cache.ts";
import { createSampler } from "./sampler.ts";
import { type CacheShape, stepGraph } from "./sampling-graphs.ts";

const call = (i: number): [Int32Array, SampleOptions] => [
  Int32Array.from({ length: 1 + ((i * 13) % 50) }, (_, j) => (3 + i + 5 * j) % 48),
  {
    n: 1 + (i % 4),
    maxTokens: 3 + ((i * 29) % 60),
    temperature: i % 5 === 4 ? 0 : 0.5 + (i % 3) / 2,
    seed: i,
  },
];

async function alone(engine: Engine, count: number): Promise<(readonly TokenCompletion[])[]> {
  const results: (readonly TokenCompletion[])[] = [];
  for (let i = 0; i < count; i++) results.push(await engine.sample(...call(i)));
  return results;
}

test("neither company nor the number of rows changes a bit of what is sampled", async () => {
  const few = await createOnnxEngine(microModel(4), { rows: 3, threads: 1 });
  const many = await createOnnxEngine(microModel(4), { rows: 32, threads: 2 });
  const expected = await alone(many, 24);
  expect(await Promise.all(expected.map((_, i) => many.sample(...call(i))))).toEqual(expected);
  expect(await Promise.all(expected.map((_, i) => few.sample(...call(i))))).toEqual(expected);
  await few.close();
  await many.close();
});

test("calls that come while others are being written join them", async () => {
  const engine = await createOnnxEngine(microModel(4), { rows: 8, threads: 1 });
  const expected = await alone(engine, 12);
  const chain = async (first: number): Promise<(readonly TokenCompletion[])[]> => {
    const results: (readonly TokenCompletion[])[] = [];
    for (let i = first; i < 12; i += 3) results.push(await engine.sample(...call(i)));
    return results;
  };
  const [a = [], b = [], c = []] = await Promise.all([chain(0), chain(1), chain(2)]);
  expect([a[0], b[0], c[0], a[1], b[1], c[1], a[2], b[2], c[2], a[3], b[3], c[3]]).toEqual(expected);
  await engine.close();
});

test("an aborted call leaves the others as they were", async () => {
  const engine = await createOnnxEngine(microModel(4), { rows: 4, threads: 1 });
  const expected = await alone(engine, 6);
  const controller = new AbortController();
  const [prompt, options] = call(7);
  const calls = Array.from({ length: 6 }, (_, i) => engine.sample(...call(i)));
  const doomed = engine.sample(prompt, { ...options, n: 9, signal: controller.signal });
  calls[0]?.then(() => controller.abort(new Error("enough")));
  await expect(doomed).rejects.toMatchObject({ code: "aborted", cause: { message: "enough" } });
  expect(await Promise.all(calls)).toEqual(expected);
  await engine.close();
});

test("tokens come as often as their probability says", async () => {
  const engine = await createOnnxEngine(microModel(4), { rows: 32, threads: 1 });
  const prompt = Int32Array.of(5, 6, 7);
  const n = 4000;
  const drawn = await engine.sample(prompt, { n, maxTokens: 1, temperature: 1, seed: 9 });
  const targets = Int32Array.from({ length: 48 }, (_, token) => token);
  const scored = await engine.forward(
    [...targets].map((token) => ({ prompt, targets: Int32Array.of(token), weights: Float32Array.of(0) })),
  );
  let chi = 0;
  for (const token of targets) {
    const expected = n * Math.exp(scored[token]?.[0] as number);
    const count = drawn.filter(({ tokens }) => tokens[0] === token).length;
    chi += (count - expected) ** 2 / expected;
  }
  // 47 degrees of freedom: the 99.9 % point is 82.7.
  expect(chi).toBeLessThan(82.7);
  await engine.close();
});

test("a temperature sharpens, and zero takes the likeliest", async () => {
  const engine = await createOnnxEngine(microModel(4), { rows: 8, threads: 1 });
  const prompt = Int32Array.of(9, 8, 7);
  const [greedy] = await engine.sample(prompt, { n: 1, maxTokens: 1, temperature: 0, seed: 1 });
  const cold = await engine.sample(prompt, { n: 8, maxTokens: 1, temperature: 1e-4, seed: 2 });
  expect(cold.map(({ tokens }) => tokens[0])).toEqual(new Array(8).fill(greedy?.tokens[0]));
  const candidates = Array.from({ length: 48 }, (_, token) => ({
    prompt,
    targets: Int32Array.of(token),
    weights: Float32Array.of(0),
  }));
  const all = (await engine.forward(candidates)).map((logprobs) => logprobs[0] as number);
  expect(greedy?.tokens[0]).toBe(all.indexOf(Math.max(...all)));
  expect(greedy?.logprobs[0]).toBeCloseTo(Math.max(...all), 5);
  await engine.close();
});

test("nor does a width at which the runtime divides its sums differently for more rows", async () => {
  const config = { ...MICRO_CONFIG, hiddenSize: 128, intermediateSize: 384, headDim: 32, numLayers: 1 };
  const model = { ...microModel(), config, weights: initWeights(config, 6) };
  const engine = await createOnnxEngine(model, { rows: 256, threads: 2 });
  const [prompt] = call(3);
  const options = { n: 1, maxTokens: 12, temperature: 1, seed: 5 };
  const [one] = await engine.sample(prompt, options);
  const [first] = await engine.sample(prompt, { ...options, n: 200 });
  expect(first).toEqual(one);
  await engine.close();
});

test("nor do the numbers of rows and of blocks that only a large model has", async () => {
  const widths = { hiddenSize: 384, intermediateSize: 640, numHeads: 6, numKvHeads: 3, headDim: 64 };
  const config = { ...MICRO_CONFIG, ...widths, numLayers: 2, maxPositions: 512 };
  const parameters = fullParameters(config, initWeights(config, 6));
  const sampler = createSampler(config, parameters, { rows: 64, threads: 2, stopIds: [] });
  const long = (i: number) =>
    Int32Array.from({ length: 33 + 9 * (i % 20) }, (_, j) => (3 + 7 * i + 5 * j) % 48);
  const options = (i: number) => ({ n: 1, maxTokens: 8 + i, temperature: 1, seed: i });
  const sample = (i: number) => sampler.sample(long(i), options(i));
  const expected: (readonly TokenCompletion[])[] = [];
  for (let i = 0; i < 12; i++) expected.push(await sample(i));
  for (const company of [3, 7, 12, 20, 23, 41]) {
    // All prompts are read anew.
    sampler.forget();
    const others = Array.from({ length: company }, (_, i) => sample(60 + i));
    const all = await Promise.all(expected.map((_, i) => sample(i)));
    expect([company, all]).toEqual([company, expected]);
    await Promise.all(others);
  }
  await sampler.close();
});

test("a runtime that fails rejects every call, and closing does too", async () => {
  // The engine refuses such options; the sampler alone passes them on to the runtime.
  const { config, weights } = microModel(4);
  const options = { rows: 8, threads: -1, stopIds: [] };
  const broken = createSampler(config, fullParameters(config, weights), options);
  const calls = Array.from({ length: 5 }, (_, i) => broken.sample(...call(i)));
  for (const { status } of await Promise.allSettled(calls)) expect(status).toBe("rejected");
  await expect(broken.sample(...call(1))).rejects.toThrow("threads is -1");
  await broken.close();
  const engine = await createOnnxEngine(microModel(4), { rows: 8, threads: 1 });
  const pending = Array.from({ length: 20 }, (_, i) => engine.sample(...call(i)));
  const settled = Promise.allSettled(pending);
  await engine.close();
  expect((await settled).some(({ status }) => status === "rejected")).toBe(true);
});

test("a cache that is bounded has room for fewer at once, which write the same", async () => {
  const { config, weights } = microModel(4);
  const parameters = fullParameters(config, weights);
  const prompts = Array.from({ length: 24 }, (_, i) => call(i));
  const written = async (cachedTokens?: number) => {
    const sampler = createSampler(config, parameters, { rows: 32, threads: 1, stopIds: [], cachedTokens });
    const completions = await Promise.all(
      prompts.map(([prompt, options]) => sampler.sample(prompt, options)),
    );
    await sampler.close();
    return completions;
  };
  const longest = Math.max(...prompts.map(([prompt, { maxTokens }]) => prompt.length + maxTokens));
  const rounded = Math.ceil(longest / 32) * 32;
  expect(await written(8 * rounded)).toEqual(await written());
  await expect(written(8 * rounded - 1)).rejects.toMatchObject({
    code: "out-of-memory",
    hint: expect.stringContaining("--memory"),
  });
});

test("rows that have become free between others count in a bounded cache", async () => {
  const { config, weights } = microModel(4);
  const parameters = fullParameters(config, weights);
  const shapes: CacheShape[] = [];
  const open = (shape: CacheShape) => {
    shapes.push(shape);
    return createSession(stepGraph(config, parameters, shape, 1), { threads: 1 });
  };
  const cachedTokens = 4_096;
  const sampler = createSampler(config, parameters, {
    ...{ rows: 64, threads: 1, stopIds: [], cachedTokens },
    steps: { cache: createKvCache(config), open },
  });
  const sample = (length: number, maxTokens: number) =>
    sampler.sample(
      Int32Array.from({ length }, (_, i) => i % 48),
      {
        ...{ n: 1, maxTokens, temperature: 1, seed: length },
      },
    );
  // The last row is one of 24 that go on, and the one that waits is long.
  const some = Array.from({ length: 64 }, (_, row) => sample(2, row < 40 ? 3 : 28));
  await Promise.all(some.slice(0, 40));
  await Promise.all([...some, sample(40, 20)]);
  expect(shapes.map(({ rows, length }) => rows * length).filter((tokens) => tokens > cachedTokens)).toEqual(
    [],
  );
  expect(shapes).toContainEqual({ rows: 64, length: 32 });
  await sampler.close();
});

test("a sequence that is longer than was planned for is refused, and shorter ones go on", async () => {
  const model = microModel(4);
  const engine = await createOnnxEngine(model, { threads: 1, memory: 600 * 2 ** 20 });
  expect(engine.notes?.[0]).toMatch(/^memory: 0\.\d GiB of 0\.6 GiB planned/);
  await engine.close();
  const { config, weights } = model;
  const learner = openLearner(config, fullParameters(config, weights), {
    threads: 1,
    batch: { ...batchSizes(config), longest: 12 },
  });
  const datum = (length: number): Datum => ({
    prompt: Int32Array.of(1),
    targets: new Int32Array(length).fill(2),
    weights: new Float32Array(length).fill(1),
  });
  await expect(learner.forward([datum(4), datum(12)])).rejects.toMatchObject({ code: "out-of-memory" });
  await expect(learner.forwardBackward([datum(12)], { kind: "cross-entropy" })).rejects.toMatchObject({
    code: "out-of-memory",
  });
  expect(await learner.forward([datum(11)])).toHaveLength(1);
  await learner.close();
});
