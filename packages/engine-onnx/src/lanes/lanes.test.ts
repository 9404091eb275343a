import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Datum, DecoderConfig, Engine, SampleOptions, TokenCompletion } from "@rrr/trainer";
import { initAdapter } from "@rrr/trainer";
import { MICRO_CONFIG, microModel, testEngine } from "@rrr/trainer/testing";
import { expect, onTestFinished, test } from "vitest";
import { createOnnxEngine } from "../index.ts";
import type { PackedBatch } from "../learn/packing.ts";
import { shareOut } from "../learn/share-out.ts";
import { usualLanes } from "./open-lanes.ts";
import { shareSampling } from "./share-sampling.ts";
import { startLane } from "./thread-lane.ts";

const options = { rows: 16, threads: 2 };

async function open(lanes: number): Promise<Engine> {
  const engine = await createOnnxEngine(microModel(4), { ...options, lanes });
  onTestFinished(() => engine.close());
  return engine;
}

const asked = (seed: number, n = 1): SampleOptions => ({ n, maxTokens: 12, temperature: 1, seed });
const promptOf = (length: number): Int32Array => Int32Array.from({ length }, (_, i) => 3 + ((7 * i) % 40));

test("an engine on two lanes keeps the contract", async () => {
  const create = () => createOnnxEngine(microModel(1), { ...options, lanes: 2 });
  expect(await testEngine(create)).toEqual({ findings: [], untested: [] });
});

test("and with an adapter", async () => {
  const model = microModel(1);
  const { modules, rslora } = initAdapter(model.config, { rank: 4, alpha: 4 });
  const changed = [...modules].map(([name, module], key) => {
    const data = module.b.data.map((_, i) => 0.1 * Math.sin(0.7 * i * i + key));
    return [name, { ...module, b: { ...module.b, data } }] as const;
  });
  const adapter = { modules: new Map(changed), rslora };
  const create = () => createOnnxEngine(model, { ...options, lanes: 2, adapter });
  expect(await testEngine(create, { learningRate: 2e-4 })).toEqual({ findings: [], untested: [] });
});

test("completions are the same to the bit on any number of lanes", async () => {
  const answers = await Promise.all(
    [1, 2, 3].map(async (lanes) => {
      const engine = await open(lanes);
      const calls = [5, 40, 41, 70].flatMap((length, seed) => [
        engine.sample(promptOf(length), asked(seed)),
        engine.sample(promptOf(length), asked(seed, 8)),
        // More than stay together: parts of it are written on different lanes.
        engine.sample(promptOf(length), asked(seed, 21)),
      ]);
      return Promise.all(calls);
    }),
  );
  expect(answers[0]?.[2]).toHaveLength(21);
  expect(answers[1]).toEqual(answers[0]);
  expect(answers[2]).toEqual(answers[0]);
});

test("gradients of several lanes are added up", async () => {
  const data = Array.from({ length: 40 }, (_, i): Datum => {
    const targets = promptOf(20 + (i % 60)).reverse();
    return { prompt: Int32Array.of(1, 3 + i), targets, weights: new Float32Array(targets.length).fill(0.1) };
  });
  const [one, two] = [await open(1), await open(2)];
  const reports = [];
  for (const engine of [one, two]) {
    const first = await engine.forwardBackward(data, { kind: "cross-entropy" });
    // Again before the step: what was taken from the lanes is added once.
    const again = await engine.forwardBackward(data.slice(0, 3), { kind: "cross-entropy" });
    const { gradNorm } = await engine.optimStep({ learningRate: 1e-2 });
    reports.push({ first: first.loss, again: again.loss, gradNorm });
  }
  const [alone, shared] = reports as [(typeof reports)[0], (typeof reports)[0]];
  expect(shared.first / alone.first).toBeCloseTo(1, 5);
  expect(shared.again / alone.again).toBeCloseTo(1, 5);
  expect(shared.gradNorm / alone.gradNorm).toBeCloseTo(1, 5);
  const [after, afterShared] = [await one.forward(data), await two.forward(data)];
  after.forEach((row, i) => {
    row.forEach((logprob, t) => {
      expect(afterShared[i]?.[t]).toBeCloseTo(logprob, 4);
    });
  });
});

test("a call that is aborted ends at once, and the others go on", async () => {
  const engine = await open(2);
  const whole = await engine.sample(promptOf(6), { ...asked(1, 4), maxTokens: 100 });
  const controller = new AbortController();
  const aborted = engine.sample(promptOf(6), { ...asked(2, 4), maxTokens: 100, signal: controller.signal });
  const other = engine.sample(promptOf(6), { ...asked(1, 4), maxTokens: 100 });
  setTimeout(() => controller.abort(), 5);
  await expect(aborted).rejects.toMatchObject({ code: "aborted" });
  expect(await other).toEqual(whole);
  await expect(engine.sample(promptOf(6), { ...asked(3), signal: controller.signal })).rejects.toMatchObject({
    code: "aborted",
  });
});

test("closing ends what is on its way, and may be done twice", async () => {
  const engine = await open(2);
  const sampled = engine.sample(promptOf(6), { ...asked(1, 16), maxTokens: 100 });
  const ended = expect(sampled).rejects.toMatchObject({ code: "aborted" });
  await engine.close();
  await ended;
  await engine.close();
});

test("errors of a lane are those of the engine, and their hints with them", async () => {
  const model = microModel(1);
  const norm = { shape: [16], data: new Float32Array(16).fill(Number.NaN) };
  const weights = new Map([...model.weights, ["model.norm.weight", norm] as const]);
  const engine = await createOnnxEngine({ ...model, weights }, { ...options, lanes: 2 });
  onTestFinished(() => engine.close());
  await expect(engine.sample(promptOf(3), asked(1, 9))).rejects.toMatchObject({
    code: "diverged",
    hint: expect.stringContaining("damaged"),
  });
  const datum = { prompt: promptOf(3), targets: Int32Array.of(4), weights: Float32Array.of(1) };
  await expect(engine.forwardBackward([datum], { kind: "cross-entropy" })).rejects.toMatchObject({
    code: "diverged",
  });
});

/** Runs a program with an engine of two lanes, and says how it ended. */
async function ended(
  body: string,
  flags: readonly string[] = [],
): Promise<{ code: number; stdout: string; stderr: string }> {
  const program = `
    import { createOnnxEngine } from ${JSON.stringify(new URL("../../dist/index.js", import.meta.url))};
    import { initWeights, toModelFiles } from "@rrr/trainer";
    import { MICRO_CONFIG, microModel } from "@rrr/trainer/testing";
    const config = { ...MICRO_CONFIG, hiddenSize: 128, intermediateSize: 384, numLayers: 4, headDim: 32 };
    const files = new Map([...microModel().files].filter(([name]) => name !== "config.json"));
    const model = toModelFiles(config, initWeights(config, 0), files);
    const engine = await createOnnxEngine(model, { rows: 16, threads: 2, lanes: 2 });
    const asked = (n, maxTokens) => ({ n, maxTokens, temperature: 1, seed: 0 });
    ${body}`;
  const cwd = fileURLToPath(new URL("../..", import.meta.url));
  const args = [...flags, "--input-type=module", "--eval", program];
  const run = promisify(execFile)(process.execPath, args, { cwd, timeout: 20_000 });
  return run.then(
    (output) => ({ code: 0, ...output }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
}

test("an engine that nobody closed keeps no program alive", async () => {
  const { code, stdout } = await ended(`
    const [{ tokens }] = await engine.sample(Int32Array.of(1, 2), asked(1, 4));
    console.log(tokens.length);`);
  expect(code).toBe(0);
  expect(Number(stdout)).toBeGreaterThan(0);
});

test("a program may end while lanes compute", async () => {
  const busy = `
    for (const seed of [0, 1, 2, 3]) engine.sample(Int32Array.of(1, 2), { ...asked(16, 100), seed }).catch(() => {});
    const targets = new Int32Array(100).fill(7);
    const datum = { prompt: Int32Array.of(1), targets, weights: new Float32Array(100).fill(1) };
    engine.forwardBackward(Array(400).fill(datum), { kind: "cross-entropy" }).catch(() => {});`;
  for (const milliseconds of [0, 400, 600, 800]) {
    const exit = await ended(`${busy} setTimeout(() => process.exit(7), ${milliseconds});`);
    expect(exit).toMatchObject({ code: 7, stderr: "" });
  }
  const thrown = await ended(
    `${busy} setTimeout(() => { throw new Error("a fault of the program"); }, 300);`,
  );
  expect(thrown.code).toBe(1);
  expect(thrown.stderr).toContain("a fault of the program");
});

test("a program may end at once when it has closed the engine, also twice", async () => {
  const { code, stdout } = await ended(`
    await engine.sample(Int32Array.of(1, 2), asked(16, 4));
    await Promise.all([engine.close(), engine.close().then(() => engine.close())]);
    console.log(Date.now());
    process.exit(7);`);
  expect(code).toBe(7);
  // It does not wait for threads to stand still that have ended.
  expect(Date.now() - Number(stdout)).toBeLessThan(2500);
});

test("a program that may have no threads is told what to do", async () => {
  const isStable = process.allowedNodeEnvironmentFlags.has("--permission");
  const permission = isStable ? "--permission" : "--experimental-permission";
  const flags = [permission, "--allow-fs-read=*", "--allow-addons", "--no-warnings"];
  const { code, stderr } = await ended("", flags);
  expect(code).toBe(1);
  expect(stderr).toMatch(/cannot start a thread.*lanes: 1/s);
});

test("a thread that cannot go on fails every call, with what to do, and closes", async () => {
  const options = { rows: 8, stopIds: [] };
  // Its thread throws as it starts: there is no model.
  const config = undefined as unknown as DecoderConfig;
  const open = () => startLane({ config, weights: new Map(), options, graphs: 4 });
  const lane = open();
  const failure = { code: "runtime-failed", hint: expect.stringContaining("lanes: 1") };
  await expect(lane.takeGradient()).rejects.toMatchObject(failure);
  await expect(lane.sample(promptOf(3), asked(1))).rejects.toMatchObject(failure);
  await lane.close();
  await open().close();
});

test("a lane that did not get new values is not asked any more", async () => {
  const { config, weights } = microModel(1);
  const lane = startLane({ config, weights, options: { rows: 8, stopIds: [] }, graphs: 4 });
  onTestFinished(() => lane.close());
  await lane.sample(promptOf(3), asked(1));
  lane.adopt((() => {}) as unknown as Float32Array);
  await expect(lane.sample(promptOf(3), asked(1))).rejects.toMatchObject({ code: "runtime-failed" });
});

/** A lane that writes down what it is asked, and answers when it is told to. */
function slowLane(): {
  calls: SampleOptions[];
  answer(): void;
  sample: Parameters<typeof shareSampling>[0][0];
} {
  const waiting: (() => void)[] = [];
  const calls: SampleOptions[] = [];
  return {
    calls,
    answer() {
      for (const resolve of waiting.splice(0)) resolve();
    },
    sample: (_prompt, options) => {
      calls.push(options);
      const completions: readonly TokenCompletion[] = Array.from({ length: options.n }, (_, i) => ({
        tokens: Int32Array.of((options.first ?? 0) + i),
        logprobs: Float32Array.of(0),
        finish: "stop",
      }));
      return new Promise((resolve) => waiting.push(() => resolve(completions)));
    },
  };
}

test("calls go where less is left to do, or where their prompt has been read", async () => {
  const lanes = [slowLane(), slowLane()];
  const sample = shareSampling(lanes.map((lane) => lane.sample));
  const counts = (): number[] => lanes.map(({ calls }) => calls.length);
  const first = promptOf(64);
  const other = Int32Array.from(promptOf(64), (token) => token + 1);
  const calls = [sample(first, asked(0)), sample(other, asked(1))];
  expect(counts()).toEqual([1, 1]);
  // Both go back to the lane that has read what they begin with.
  calls.push(sample(Int32Array.of(...other, 5, 6), asked(2)), sample(Int32Array.of(...other, 7), asked(3)));
  expect(counts()).toEqual([1, 3]);
  // But not for ever: the other lane would stand still.
  calls.push(sample(other, { ...asked(4), maxTokens: 5000 }), sample(other, asked(5)));
  expect(counts()).toEqual([2, 4]);
  for (const lane of lanes) lane.answer();
  await Promise.all(calls);
});

test("a large call is written in parts, each completion with its own number", async () => {
  const lanes = [slowLane(), slowLane()];
  const answer = shareSampling(lanes.map((lane) => lane.sample))(promptOf(4), asked(0, 21));
  for (const lane of lanes) lane.answer();
  expect((await answer).map(({ tokens }) => tokens[0])).toEqual(Array.from({ length: 21 }, (_, i) => i));
  expect(lanes.map(({ calls }) => calls.map(({ n }) => n))).toEqual([[11], [10]]);
});

test("batches are shared out evenly, always alike, each lane's in their order", () => {
  const batches = [1, 3, 3, 1, 1, 1].map(
    (rows) => ({ shape: { rows, length: 64, slots: 64 } }) as PackedBatch,
  );
  expect(shareOut(batches, 2)).toEqual([
    [0, 1, 4],
    [2, 3, 5],
  ]);
  expect(shareOut(batches, 1)).toEqual([[0, 1, 2, 3, 4, 5]]);
  expect(shareOut(batches.slice(0, 1), 3)).toEqual([[0], [], []]);
});

test("lanes are for models whose products are too small for two threads, and large enough for a thread", () => {
  const lanesOf = (hiddenSize: number, threads = 2) => {
    const config = {
      ...MICRO_CONFIG,
      hiddenSize,
      intermediateSize: 3 * hiddenSize,
      numLayers: 4,
      vocabSize: 64,
    };
    return usualLanes(
      { ...config, numHeads: hiddenSize / 32, numKvHeads: hiddenSize / 32, headDim: 32 },
      threads,
    );
  };
  // 0.2, 1.8, 1.8, 7.2 and 13 million weights.
  expect([lanesOf(64), lanesOf(192), lanesOf(192, 16), lanesOf(384), lanesOf(512)]).toEqual([1, 2, 4, 1, 1]);
});
