export type {
  AdamSettings,
  Datum,
  Engine,
  Loss,
  LossReport,
  OptimReport,
  PolicyGradientLoss,
  SampleOptions,
  TokenCompletion,
  Tokenizer,
} from "./engine.ts";
export { type DecoderConfig, parseConfig, toHuggingFaceConfig } from "./model-files/config.ts";
export { type ModelFiles, readModelDir, toModelFiles, writeModelDir } from "./model-files/model-dir.ts";
export { readSafetensors, writeSafetensors } from "./model-files/safetensors.ts";
export type { TextFileName, TextFiles } from "./model-files/text-files.ts";
export { createTokenizer, loadTokenizer } from "./model-files/tokenizer.ts";
export { checkWeights, initWeights, type Weight, type Weights, weightShapes } from "./model-files/weights.ts";
