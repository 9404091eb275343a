import type { DecoderConfig, Tokenizer } from "@rrr/trainer";

/** The reference model that speed is counted on: 1.8 M weights. */
export const REFERENCE: DecoderConfig = {
  modelType: "qwen3",
  vocabSize: 64,
  hiddenSize: 192,
  intermediateSize: 512,
  numLayers: 4,
  numHeads: 6,
  numKvHeads: 6,
  headDim: 32,
  ropeTheta: 10_000,
  rmsNormEps: 1e-6,
  tieWordEmbeddings: true,
  maxPositions: 256,
  eosTokenIds: [],
};

/** SmolLM2-135M. */
export const SMOLLM2: DecoderConfig = {
  modelType: "llama",
  vocabSize: 49_152,
  hiddenSize: 576,
  intermediateSize: 1536,
  numLayers: 30,
  numHeads: 9,
  numKvHeads: 3,
  headDim: 64,
  ropeTheta: 10_000,
  rmsNormEps: 1e-5,
  tieWordEmbeddings: true,
  maxPositions: 2048,
  eosTokenIds: [],
};

/** For models with random weights, which are asked in tokens: there is no text, and nothing ends early. */
export function wordless({ vocabSize }: DecoderConfig): Tokenizer {
  return {
    vocabSize,
    stopIds: [],
    encode: () => new Int32Array(),
    decode: () => "",
    encodeChat: () => new Int32Array(),
  };
}
