/**
 * `pnpm bench:webgpu [--shape builtin] [--sequences 16] [--rows 32] [--written 64] [--rounds 3] [--json]`: the embedded engine
 * on a GPU beside the same on the CPU: whether both compute the same, and how fast each is. `builtin` is the model of Countdown,
 * `reference` has 1.8 million weights and `smollm2` the 135 million of SmolLM2, both random.
 *
 *   1. The largest difference of a log-probability, and of the gradient's tensors relative to their length.
 *   2. Of completions drawn with the same seeds, the share whose tokens are the same.
 *   3. A step of training on sequences of 128 tokens, half of them targets: forward, backward, AdamW.
 *   4. Completions of `--written` tokens, drawn together.
 *
 * Engines take turns, round by round, and the best round of each counts, by the clock. Rounds before the first are for
 * compiling. It ends with 1 where both do not agree: 1e-4 nats, a thousandth of a gradient, 98 % of the completions.
 *
 * In software: `LD_LIBRARY_PATH=/usr/lib/chromium VK_ICD_FILENAMES=/usr/lib/chromium/vk_swiftshader_icd.json`.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { builtinModelDir } from "@rrr/builtin-model";
import { createRandom, RrrError } from "@rrr/core";
import { createOnnxEngine } from "@rrr/engine-onnx";
import {
  type Datum,
  type Engine,
  initWeights,
  type ModelFiles,
  readModelDir,
  readSafetensors,
  type Weights,
} from "@rrr/trainer";
import { REFERENCE, SMOLLM2, wordless } from "./shapes.ts";
import { adapterName } from "./webgpu/adapter.ts";

const { values } = parseArgs({
  options: {
    shape: { type: "string", default: "builtin" },
    sequences: { type: "string", default: "16" },
    rows: { type: "string", default: "32" },
    written: { type: "string", default: "64" },
    rounds: { type: "string", default: "3" },
    json: { type: "boolean", default: false },
  },
});
const [sequences, rows, written, rounds] = [values.sequences, values.rows, values.written, values.rounds].map(
  (text) => {
    const number = Number(text);
    if (Number.isSafeInteger(number) && number > 0) return number;
    throw new Error(`${text} is not a whole number from 1`);
  },
) as [number, number, number, number];

const LENGTH = 128;
/** Gradients of larger models are compared by their length alone: states of them are gigabytes. */
const COMPARED_WEIGHTS = 2e7;

const model = await modelOf(values.shape);
const weightCount = [...model.weights.values()].reduce((sum, { data }) => sum + data.length, 0);
const random = createRandom(7);
const someTokens = (count: number): Int32Array =>
  Int32Array.from({ length: count }, () => Math.floor(random.next() * model.config.vocabSize));
const data = Array.from(
  { length: sequences },
  (): Datum => ({
    prompt: someTokens(LENGTH / 2),
    targets: someTokens(LENGTH / 2),
    weights: new Float32Array(LENGTH / 2).fill(1),
  }),
);
const prompts = Array.from({ length: rows }, () => someTokens(40));
const loss = { kind: "cross-entropy" } as const;

const cpu = await createOnnxEngine(model, { rows });
const gpu = await openOnGpu();
const adapter = adapterName();
const engines = { cpu, webgpu: gpu };

const agreement = await compare();
const speeds = await measure();
await cpu.close();
await gpu.close();

const agrees = agreement.logprobs < 1e-4 && agreement.gradient < 1e-3 && agreement.sameCompletions >= 0.98;
if (values.json) {
  console.log(
    JSON.stringify({ adapter, shape: values.shape, weights: weightCount, ...agreement, speeds, agrees }),
  );
} else {
  const line = (name: string, ...columns: readonly string[]): void =>
    console.log(`${name.padEnd(34)}${columns.map((text) => text.padStart(14)).join("")}`);
  const rate = (value: number): string => Math.round(value).toLocaleString("en");
  console.log(`${adapter}; ${values.shape}, ${(weightCount / 1e6).toFixed(2)} million weights`);
  line("log-probabilities differ by", `${agreement.logprobs.toExponential(1)} nats`);
  line("the gradient, relative, by", agreement.gradient.toExponential(1));
  line("completions that are the same", `${(100 * agreement.sameCompletions).toFixed(1)} %`);
  line("", "cpu", "webgpu", "webgpu / cpu");
  for (const [name, of] of [
    ["training, tokens/s", "trained"],
    ["sampling, tokens/s", "sampled"],
  ] as const) {
    const [a, b] = [speeds.cpu[of], speeds.webgpu[of]];
    line(name, rate(a), rate(b), (b / a).toPrecision(2));
  }
}
if (!agrees) {
  console.error("bench:webgpu: the GPU does not compute what the CPU does");
  process.exitCode = 1;
}

async function modelOf(shape: string): Promise<ModelFiles> {
  if (shape === "builtin") return readModelDir(builtinModelDir("countdown"));
  const config = { reference: REFERENCE, smollm2: SMOLLM2 }[shape];
  if (config === undefined) throw new Error(`--shape is builtin, reference or smollm2, not ${shape}`);
  return { config, weights: initWeights(config, 0), tokenizer: wordless(config), files: new Map() };
}

async function openOnGpu(): Promise<Engine> {
  try {
    return await createOnnxEngine(model, { rows, device: "webgpu" });
  } catch (error) {
    if (!RrrError.is(error)) throw error;
    console.error(`bench:webgpu: ${error.message}; ${error.hint ?? ""}`);
    process.exit(1);
  }
}

/** Before any step, so that both have the same weights; the gradient by a step that does not move them. */
async function compare() {
  const [a, b] = [await cpu.forward(data), await gpu.forward(data)];
  let logprobs = 0;
  a.forEach((values, i) => {
    values.forEach((value, t) => {
      logprobs = Math.max(logprobs, Math.abs(value - (b[i]?.[t] as number)));
    });
  });
  const [drawn, redrawn] = [await draw(cpu), await draw(gpu)];
  const same = drawn.filter((tokens, i) => tokens.join() === redrawn[i]?.join()).length;
  const [left, right] = [await gradientOf(cpu), await gradientOf(gpu)];
  return { logprobs, gradient: distance(left, right), sameCompletions: same / drawn.length };
}

async function gradientOf(engine: Engine): Promise<Weights> {
  await engine.forwardBackward(data, loss);
  // With no memory of earlier steps the first moment is the gradient.
  const { gradNorm } = await engine.optimStep({ learningRate: 0, beta1: 0 });
  if (weightCount > COMPARED_WEIGHTS) {
    return new Map([["adam.mean.", { shape: [1], data: Float32Array.of(gradNorm) }]]);
  }
  const dir = await mkdtemp(join(tmpdir(), "rrr-webgpu-"));
  try {
    const state = await engine.saveState(join(dir, "state"));
    return await readSafetensors(join(state.kind === "folder" ? state.path : dir, "state.safetensors"));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function distance(a: Weights, b: Weights): number {
  let most = 0;
  for (const [name, { data: left }] of a) {
    if (!name.startsWith("adam.mean.")) continue;
    const right = b.get(name)?.data as Float32Array;
    let [apart, length] = [0, 0];
    left.forEach((value, i) => {
      apart += (value - (right[i] as number)) ** 2;
      length += value ** 2;
    });
    // Where there is nothing but rounding there is nothing to compare.
    if (Math.sqrt(length) > 1e-6) most = Math.max(most, Math.sqrt(apart / length));
  }
  return most;
}

async function draw(engine: Engine): Promise<readonly Int32Array[]> {
  const calls = prompts.map((prompt, seed) =>
    engine.sample(prompt, { n: 1, maxTokens: written, temperature: 1, seed }),
  );
  return (await Promise.all(calls)).flat().map(({ tokens }) => tokens);
}

async function measure() {
  const best = { cpu: { trained: 0, sampled: 0 }, webgpu: { trained: 0, sampled: 0 } };
  for (let round = 0; round <= rounds; round++) {
    for (const name of ["cpu", "webgpu"] as const) {
      const engine = engines[name];
      const [trained, sampled] = [await trainOnce(engine), await drawOnce(engine)];
      if (round === 0) continue;
      best[name].trained = Math.max(best[name].trained, trained);
      best[name].sampled = Math.max(best[name].sampled, sampled);
    }
  }
  return best;
}

async function trainOnce(engine: Engine): Promise<number> {
  const start = performance.now();
  await engine.forwardBackward(data, loss);
  await engine.optimStep({ learningRate: 1e-4, maxGradNorm: 1 });
  return (sequences * LENGTH * 1000) / (performance.now() - start);
}

async function drawOnce(engine: Engine): Promise<number> {
  const start = performance.now();
  const drawn = await draw(engine);
  return (drawn.reduce((sum, { length }) => sum + length, 0) * 1000) / (performance.now() - start);
}
