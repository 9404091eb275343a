/**
 * Makes the built-in model: `pnpm pretrain [--steps N] [--seed N] [--out DIR]`.
 * Supervised pre-training from scratch on made-up transcripts of training problems; held-out problems never
 * occur in it. Deterministic: the same seed on the same kind of machine gives the same bytes.
 */
import { existsSync, readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { RrrError } from "@rrr/core";
import { countdown } from "@rrr/task-countdown";
import {
  createOnnxEngine,
  type Datum,
  type DecoderConfig,
  initWeights,
  pretrain,
  toModelFiles,
} from "@rrr/trainer";
import { countdownMix, createCorpus } from "./corpus.ts";
import type { Problem } from "./search.ts";
import { buildTokenizer } from "./tokenizer.ts";
import { countdownStyle } from "./transcripts.ts";

const { values } = parseArgs({
  options: {
    steps: { type: "string", default: "3000" },
    seed: { type: "string", default: "0" },
    out: { type: "string", default: fileURLToPath(new URL("../models/countdown", import.meta.url)) },
  },
});
const steps = wholeNumber("steps", values.steps, 1);
const seed = wholeNumber("seed", values.seed, 0);
requireModelOrNothing(values.out);
/** Transcripts per update: about 5,000 tokens. */
const batchSize = 64;
/** Steps between two lines of progress, each with the model written as it is then. */
const reportEvery = 250;

const { files, vocabSize } = buildTokenizer();
const config: DecoderConfig = {
  modelType: "qwen3",
  vocabSize,
  hiddenSize: 128,
  intermediateSize: 384,
  numLayers: 4,
  numHeads: 4,
  numKvHeads: 2,
  headDim: 32,
  ropeTheta: 10_000,
  rmsNormEps: 1e-6,
  tieWordEmbeddings: true,
  maxPositions: 512,
  eosTokenIds: [0],
};
const model = toModelFiles(config, initWeights(config, seed), files);
const task = countdown({ preset: "small" });
const problems: Problem[] = [];
for await (const problem of task.items("train", seed)) problems.push(problem);
const transcript = createCorpus(task, problems, model.tokenizer, {
  seed,
  style: countdownStyle,
  mix: countdownMix,
});
const batch = (step: number): Datum[] =>
  Array.from({ length: batchSize }, (_, i) => transcript(step * batchSize + i));

const engine = await createOnnxEngine(model);
const schedule = { learningRate: 2e-3, warmup: 0.02, decay: "linear" } as const;
const started = performance.now();
for await (const { step, loss } of pretrain(engine, batch, { steps, schedule, weightDecay: 0.05 })) {
  if (step % reportEvery !== 0 && step !== steps) continue;
  await rm(values.out, { recursive: true, force: true });
  await engine.exportModel(values.out);
  const minutes = (performance.now() - started) / 60_000;
  const left = Math.ceil((minutes / step) * (steps - step));
  console.error(
    `step ${step}/${steps}  loss ${loss.toFixed(4)}  ${minutes.toFixed(1)} min, ${left} left  ${values.out}`,
  );
}
await engine.close();

function wholeNumber(name: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least) return value;
  throw new RrrError("bad-argument", `--${name} is ${text}, not a whole number of at least ${least}`);
}

/** The folder is replaced again and again: it must hold a model that this made, or not exist. */
function requireModelOrNothing(folder: string): void {
  const ours = ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"];
  const others = existsSync(folder) ? readdirSync(folder).filter((name) => !ours.includes(name)) : [];
  if (others.length === 0) return;
  throw new RrrError("bad-argument", `--out ${folder} holds ${others[0]}, and would be replaced`, {
    hint: "Name a new folder.",
  });
}
