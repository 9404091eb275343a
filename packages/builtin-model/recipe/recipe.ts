/** What is trained on what: the untrained models, and the batches of each step. */
import { defaultReflectionRequest } from "@rrr/core";
import {
  type Datum,
  type DecoderConfig,
  initWeights,
  type ModelFiles,
  type PretrainSettings,
  toModelFiles,
} from "@rrr/trainer";
import { countdownCorpus } from "./countdown/corpus.ts";
import { countdownVocabulary } from "./countdown/vocabulary.ts";
import { functionCallingCorpus } from "./function-calling/corpus.ts";
import { functionCallingVocabulary } from "./function-calling/vocabulary.ts";
import { buildTokenizer, type Vocabulary } from "./tokenizer.ts";
import { createPacker, type Transcript } from "./transcript.ts";

export interface Recipe {
  readonly model: ModelFiles;
  /** Transcript number `index` of the corpus. */
  readonly transcript: (index: number) => Datum;
  /** The transcripts of a step, counted from 0. */
  readonly batch: (step: number) => Datum[];
}

type Draw = (index: number) => Transcript;

export type RecipeName = "countdown" | "function-calling";

interface Ingredients {
  readonly vocabulary: Vocabulary;
  readonly corpus: (seed: number) => Draw | Promise<Draw>;
  readonly steps: number;
}

/** By the name of the task. */
export const ingredients: Readonly<Record<RecipeName, Ingredients>> = {
  countdown: { vocabulary: countdownVocabulary, corpus: countdownCorpus, steps: 3_000 },
  "function-calling": { vocabulary: functionCallingVocabulary, corpus: functionCallingCorpus, steps: 1_200 },
};

export const optimisation: Pick<PretrainSettings, "schedule" | "weightDecay"> = {
  schedule: { learningRate: 2e-3, warmup: 0.02, decay: "linear" },
  weightDecay: 0.05,
};

/** Transcripts per update: about 5,000 tokens. */
const batchSize = 64;

/** The same for the same seed. */
export async function createRecipe(name: RecipeName, seed: number): Promise<Recipe> {
  const { vocabulary, corpus } = ingredients[name];
  const { files, vocabSize } = buildTokenizer(vocabulary);
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
  const pack = createPacker(
    model.tokenizer,
    defaultReflectionRequest({ item: undefined, prompt: [], completion: "" }),
  );
  const draw = await corpus(seed);
  const transcript = (index: number): Datum => pack(draw(index));
  const batch = (step: number): Datum[] =>
    Array.from({ length: batchSize }, (_, i) => transcript(step * batchSize + i));
  return { model, transcript, batch };
}
