/** What is trained on what: the untrained model, and the batches of each step. */
import { countdown } from "@rrr/task-countdown";
import {
  type Datum,
  type DecoderConfig,
  initWeights,
  type ModelFiles,
  type PretrainSettings,
  toModelFiles,
} from "@rrr/trainer";
import { countdownMix, createCorpus } from "./corpus.ts";
import type { Problem } from "./search.ts";
import { buildTokenizer } from "./tokenizer.ts";
import { countdownStyle } from "./transcripts.ts";

export interface Recipe {
  readonly model: ModelFiles;
  /** Transcript number `index` of the corpus. */
  readonly transcript: (index: number) => Datum;
  /** The transcripts of a step, counted from 0. */
  readonly batch: (step: number) => Datum[];
}

export const optimisation: Pick<PretrainSettings, "schedule" | "weightDecay"> = {
  schedule: { learningRate: 2e-3, warmup: 0.02, decay: "linear" },
  weightDecay: 0.05,
};

/** Transcripts per update: about 5,000 tokens. */
const batchSize = 64;

/** The same for the same seed. */
export async function createRecipe(seed: number): Promise<Recipe> {
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
  const settings = { seed, style: countdownStyle, mix: countdownMix };
  const transcript = createCorpus(task, problems, model.tokenizer, settings);
  const batch = (step: number): Datum[] =>
    Array.from({ length: batchSize }, (_, i) => transcript(step * batchSize + i));
  return { model, transcript, batch };
}
