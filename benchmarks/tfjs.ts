/**
 * `pnpm bench:tfjs [--backends wasm,cpu] [--sequences 16] [--rows 32] [--rounds 3] [--json]`: how much slower the engine
 * `tfjs` is than `onnx`, and whether both compute the same, with the built-in model.
 *
 *   1. A step of training on sequences of 128 tokens, half of them targets: forward, backward, Adam.
 *   2. Completions of at most 64 tokens, written together.
 *   3. The largest difference of a log-probability, before any step.
 *
 * Engines take turns, round by round, and the best round of each counts: what else the machine does hits all of them. The
 * ratios are what the engine says at its start (`packages/engine-tfjs/src/runtime/note.ts`).
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

interface Subject {
  readonly name: string;
  readonly engine: Engine;
  readonly trained: number[];
  readonly sampled: number[];
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
  await engine.optimStep({ learningRate: 1e-3 });
  return sequences * (LENGTH - 1);
}

async function sample(engine: Engine, seed: number): Promise<number> {
  const options = { n: 1, maxTokens: WRITTEN, temperature: 1, seed };
  const written = await Promise.all(
    prompts.map((prompt, i) => engine.sample(prompt, { ...options, seed: seed + i })),
  );
  return written.flat().reduce((sum, { tokens }) => sum + tokens.length, 0);
}

/** Tokens a second. */
async function rate(work: () => Promise<number>): Promise<number> {
  const started = performance.now();
  const tokens = await work();
  return (1000 * tokens) / (performance.now() - started);
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
    trained.push(await rate(() => train(engine)));
    sampled.push(await rate(() => sample(engine, 1000 * round)));
    process.stderr.write(
      `  round ${round + 1}, ${name}: ${trained.at(-1)?.toFixed(0)} · ${sampled.at(-1)?.toFixed(0)}\n`,
    );
  }
}

await Promise.all(subjects.map(({ engine }) => engine.close()));

const best = subjects.map(({ name, trained, sampled }) => ({
  name,
  training: Math.max(...trained),
  sampling: Math.max(...sampled),
}));
const [onnx, ...measured] = best as [(typeof best)[number], ...typeof best];
const results = measured.map((own, i) => ({
  ...own,
  trainingRatio: onnx.training / own.training,
  samplingRatio: onnx.sampling / own.sampling,
  apart: apart[i] as number,
}));
if (values.json) {
  console.log(JSON.stringify({ sequences, rows, rounds, onnx, results }));
} else {
  console.log(
    "| engine | training, tokens/s | times as long | sampling, tokens/s | times as long | log π apart, nats |",
  );
  console.log("| --- | --- | --- | --- | --- | --- |");
  console.log(`| onnx | ${onnx.training.toFixed(0)} | 1 | ${onnx.sampling.toFixed(0)} | 1 | |`);
  for (const { name, training, sampling, trainingRatio, samplingRatio, apart } of results) {
    const cells = [
      name,
      training.toFixed(0),
      trainingRatio.toFixed(1),
      sampling.toFixed(0),
      samplingRatio.toFixed(1),
    ];
    console.log(`| ${cells.join(" | ")} | ${apart.toExponential(1)} |`);
  }
}
