/**
 * `pnpm bench:tfjs [--backends wasm,cpu] [--sequences 16] [--rows 32] [--rounds 3] [--json]`: how much slower the engine
 * `tfjs` is than `onnx`, and whether both compute the same, with the built-in model.
 *
 *   1. A step of training on sequences of 128 tokens, half of them targets: forward, backward, Adam.
 *   2. Completions of at most 64 tokens, written together.
 *   3. The largest difference of a log-probability, before any step.
 *
 * Times are of the processor, of all threads together, since those do not depend on what else the machine does; the clock's
 * are printed beside them. `onnx` uses all cores and `tfjs` one, so that the clock's ratio on an idle machine is larger, up to
 * the number of cores. Engines take turns, round by round, and the best round of each counts. The ratios are what the engine
 * says at its start (`packages/engine-tfjs/src/runtime/note.ts`).
 */
import { parseArgs } from "node:util";
import { builtinModelDir } from "@rrr/builtin-model";
import { createRandom } from "@rrr/core";
import { createOnnxEngine } from "@rrr/engine-onnx";
import { type BackendName, createTfjsEngine } from "@rrr/engine-tfjs";
import { type Datum, type Engine, readModelDir } from "@rrr/trainer";

const { values } = parseArgs({
  options: {
    backends: { type: "string", default: "wasm,cpu" },
    sequences: { type: "string", default: "16" },
    rows: { type: "string", default: "32" },
    rounds: { type: "string", default: "3" },
    json: { type: "boolean", default: false },
  },
});
const [sequences, rows, rounds] = [values.sequences, values.rows, values.rounds].map((text) => {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new Error(`${text} is not a whole number from 1`);
}) as [number, number, number];

const LENGTH = 128;
const WRITTEN = 64;

const model = await readModelDir(builtinModelDir("countdown"));
const random = createRandom(7);
const someTokens = (count: number): Int32Array =>
  Int32Array.from({ length: count }, () => 10 + Math.floor(random.next() * 300));
const data = Array.from(
  { length: sequences },
  (): Datum => ({
    prompt: someTokens(LENGTH / 2),
    targets: someTokens(LENGTH / 2),
    weights: new Float32Array(LENGTH / 2).fill(1),
  }),
);
const prompts = Array.from({ length: rows }, (_, i) =>
  model.tokenizer.encodeChat([{ role: "user", content: `{"numbers":[${i + 1},2,3],"target":${i + 6}}` }]),
);

/** Tokens a second: of the processor, and by the clock. */
interface Speed {
  readonly processor: number;
  readonly clock: number;
}

interface Subject {
  readonly name: string;
  readonly engine: Engine;
  readonly trained: Speed[];
  readonly sampled: Speed[];
}

const names = values.backends.split(",") as BackendName[];
const subjects: readonly Subject[] = [
  { name: "onnx", engine: await createOnnxEngine(model), trained: [], sampled: [] },
  ...(await Promise.all(
    names.map(async (backend) => {
      const engine = await createTfjsEngine(model, { backend });
      return { name: `tfjs, ${backend}`, engine, trained: [], sampled: [] };
    }),
  )),
];

async function train(engine: Engine): Promise<number> {
  await engine.forwardBackward(data, { kind: "cross-entropy" });
  await engine.optimStep({ learningRate: 1e-6 });
  return sequences * (LENGTH - 1);
}

async function sample(engine: Engine, seed: number): Promise<number> {
  const options = { n: 1, maxTokens: WRITTEN, temperature: 1, seed };
  const written = await Promise.all(
    prompts.map((prompt, i) => engine.sample(prompt, { ...options, seed: seed + i })),
  );
  return written.flat().reduce((sum, { tokens }) => sum + tokens.length, 0);
}

async function speedOf(work: () => Promise<number>): Promise<Speed> {
  const [started, used] = [performance.now(), process.cpuUsage()];
  const tokens = await work();
  const { user, system } = process.cpuUsage(used);
  return {
    processor: (1e6 * tokens) / (user + system),
    clock: (1e3 * tokens) / (performance.now() - started),
  };
}

function bestOf(speeds: readonly Speed[]): Speed {
  return {
    processor: Math.max(...speeds.map(({ processor }) => processor)),
    clock: Math.max(...speeds.map(({ clock }) => clock)),
  };
}

const few = data.slice(0, 4);
const [first, ...others] = await Promise.all(subjects.map(({ engine }) => engine.forward(few)));
const apart = others.map((rows) =>
  Math.max(
    ...rows.flatMap((row, i) => [...row].map((value, t) => Math.abs(value - (first?.[i]?.[t] as number)))),
  ),
);
// Graphs are compiled and code is warm from here on.
for (const { engine } of subjects) {
  await train(engine);
  await sample(engine, 0);
}
for (let round = 0; round < rounds; round++) {
  for (const { name, engine, trained, sampled } of subjects) {
    trained.push(await speedOf(() => train(engine)));
    sampled.push(await speedOf(() => sample(engine, 1000 * round)));
    process.stderr.write(
      `  round ${round + 1}, ${name}: ${shown(trained.at(-1))} · ${shown(sampled.at(-1))}\n`,
    );
  }
}
await Promise.all(subjects.map(({ engine }) => engine.close()));

const [onnx, ...measured] = subjects.map(({ name, trained, sampled }) => ({
  name,
  training: bestOf(trained),
  sampling: bestOf(sampled),
})) as [Result, ...Result[]];
const results = measured.map((own, i) => ({
  ...own,
  trainingRatio: onnx.training.processor / own.training.processor,
  samplingRatio: onnx.sampling.processor / own.sampling.processor,
  apart: apart[i] as number,
}));
if (values.json) {
  console.log(JSON.stringify({ sequences, rows, rounds, onnx, results }));
} else {
  console.log("Tokens by a second of the processor (and of the clock); times as much processor time.\n");
  console.log("| engine | training | times | sampling | times | log π apart, nats |");
  console.log("| --- | --- | --- | --- | --- | --- |");
  console.log(`| onnx | ${shown(onnx.training)} | 1 | ${shown(onnx.sampling)} | 1 | |`);
  for (const { name, training, sampling, trainingRatio, samplingRatio, apart } of results) {
    const ratios = [trainingRatio, samplingRatio].map((ratio) => ratio.toFixed(1));
    const cells = [name, shown(training), ratios[0], shown(sampling), ratios[1], apart.toExponential(1)];
    console.log(`| ${cells.join(" | ")} |`);
  }
}

interface Result {
  readonly name: string;
  readonly training: Speed;
  readonly sampling: Speed;
}

function shown(speed: Speed | undefined): string {
  return `${speed?.processor.toFixed(0)} (${speed?.clock.toFixed(0)})`;
}
