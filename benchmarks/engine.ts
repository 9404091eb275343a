/**
 * `pnpm bench:engine [--json]`: the embedded engine beside what the machine can do at most.
 *
 * Peak: the best float32 product of two 2048 × 2048 matrices, 2·2048³ operations, by the same runtime and threads.
 * Training: 32 sequences of 128 tokens, forward, backward and Adam. Counted as usual: 6 operations per weight and
 * token, and 12 · layers · length · heads · headDim per token for attention. The vocabulary's share is in the weights.
 * Sampling: 64 sequences of 100 tokens from a prompt of one token, with a cache.
 * Both on as many lanes as the engine takes, and on one. Own overhead: the share of time on one lane that is not spent inside
 * the runtime.
 */
import { parseArgs } from "node:util";
import { createOnnxEngine } from "@rrr/engine-onnx";
import { type Datum, type Engine, initWeights } from "@rrr/trainer";
import { measurePeak } from "./peak.ts";
import { timeInRuntime } from "./runtime-clock.ts";
import { REFERENCE, wordless } from "./shapes.ts";

const config = REFERENCE;
const sequences = 32;
const length = 128;
const sampledRows = 64;
const sampledTokens = 100;
const threads = 2;
const steps = 100;

const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });
const weights = initWeights(config, 0);
const open = (lanes: { readonly lanes?: number }): Promise<Engine> =>
  createOnnxEngine(
    { config, weights, tokenizer: wordless(config), files: new Map() },
    { threads, rows: sampledRows, ...lanes },
  );
const count = [...weights.values()].reduce((sum, { data }) => sum + data.length, 0);
const operations = 6 * count + 12 * config.numLayers * length * config.numHeads * config.headDim;

const peaks = [await measurePeak(threads)];
const one = await measure({ lanes: 1 });
peaks.push(await measurePeak(threads));
const several = await measure({});
peaks.push(await measurePeak(threads));

const peak = Math.max(...peaks);
const gflopsOf = (rate: number): number => (rate * operations) / 1e9;
const results = {
  weights: count,
  peakGflops: peak,
  trainedTokensPerSecond: several.training.rate,
  trainedTokensPerSecondOnOneLane: one.training.rate,
  trainingGflops: gflopsOf(several.training.rate),
  trainingShareOfPeak: gflopsOf(several.training.rate) / peak,
  trainingOwnOverhead: one.training.overhead,
  sampledTokensPerSecond: several.sampling.rate,
  sampledTokensPerSecondOnOneLane: one.sampling.rate,
  sampledTokensPerSecondWanted: 10_000 * (peak / 205),
  samplingOwnOverhead: one.sampling.overhead,
  rssAfter10Steps: one.training.memory.early,
  rssAfter100Steps: one.training.memory.late,
};

if (values.json) console.log(JSON.stringify(results));
else {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const rate = (value: number): string => Math.round(value).toLocaleString("en");
  const rows: readonly (readonly [string, string, string])[] = [
    ["sgemm peak", `${peak.toFixed(0)} GFLOP/s`, `${threads} threads`],
    [
      "training",
      `${rate(results.trainedTokensPerSecond)} tokens/s`,
      `${results.trainingGflops.toFixed(0)} GFLOP/s`,
    ],
    ["  on one lane", `${rate(results.trainedTokensPerSecondOnOneLane)} tokens/s`, ""],
    ["  of the peak", percent(results.trainingShareOfPeak), "wanted: 60 %"],
    ["  own overhead", percent(results.trainingOwnOverhead), "wanted: 5 %"],
    [
      "sampling",
      `${rate(results.sampledTokensPerSecond)} tokens/s`,
      `wanted at this peak: ${rate(results.sampledTokensPerSecondWanted)}`,
    ],
    ["  on one lane", `${rate(results.sampledTokensPerSecondOnOneLane)} tokens/s`, ""],
    ["  own overhead", percent(results.samplingOwnOverhead), ""],
    ["memory after 10 steps", `${(results.rssAfter10Steps / 1e6).toFixed(0)} MB`, "on one lane"],
    ["memory after 100 steps", `${(results.rssAfter100Steps / 1e6).toFixed(0)} MB`, "on one lane"],
  ];
  for (const [name, value, note] of rows) console.log(`${name.padEnd(24)}${value.padStart(18)}   ${note}`);
}

async function measure(lanes: { readonly lanes?: number }): Promise<{
  readonly training: Awaited<ReturnType<typeof measureTraining>>;
  readonly sampling: Awaited<ReturnType<typeof measureSampling>>;
}> {
  const engine = await open(lanes);
  const training = await measureTraining(engine);
  const sampling = await measureSampling(engine);
  await engine.close();
  return { training, sampling };
}

/** The median of all steps but the first ten, which compile and warm up. */
async function measureTraining(engine: Engine): Promise<{
  readonly rate: number;
  readonly overhead: number;
  readonly memory: { readonly early: number; readonly late: number };
}> {
  const data = Array.from({ length: sequences }, (_, d): Datum => {
    const token = (i: number): number => (i * i + 7 * i * d + d) % config.vocabSize;
    const targets = Int32Array.from({ length }, (_, i) => token(i + 1));
    return { prompt: Int32Array.of(token(0)), targets, weights: new Float32Array(length).fill(1) };
  });
  const times: number[] = [];
  let early = 0;
  let inside = 0;
  for (let step = 0; step < steps; step++) {
    const start = performance.now();
    const insideBefore = timeInRuntime();
    await engine.forwardBackward(data, { kind: "cross-entropy" });
    await engine.optimStep({ learningRate: 1e-3, maxGradNorm: 1 });
    if (step === 9) early = process.memoryUsage.rss();
    if (step < 10) continue;
    times.push(performance.now() - start);
    inside += timeInRuntime() - insideBefore;
  }
  const total = times.reduce((sum, time) => sum + time, 0);
  return {
    rate: (sequences * length * 1000) / median(times),
    overhead: 1 - inside / total,
    memory: { early, late: process.memoryUsage.rss() },
  };
}

/** The median of several rounds, after one that compiles. */
async function measureSampling(
  engine: Engine,
): Promise<{ readonly rate: number; readonly overhead: number }> {
  const times: number[] = [];
  let inside = 0;
  for (let round = 0; round < 6; round++) {
    const start = performance.now();
    const insideBefore = timeInRuntime();
    await Promise.all(
      Array.from({ length: sampledRows }, (_, i) =>
        engine.sample(Int32Array.of(i % config.vocabSize), {
          n: 1,
          maxTokens: sampledTokens,
          temperature: 1,
          seed: 100 * round + i,
        }),
      ),
    );
    if (round === 0) continue;
    times.push(performance.now() - start);
    inside += timeInRuntime() - insideBefore;
  }
  const total = times.reduce((sum, time) => sum + time, 0);
  return { rate: (sampledRows * sampledTokens * 1000) / median(times), overhead: 1 - inside / total };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}
