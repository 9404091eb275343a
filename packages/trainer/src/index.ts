export {
  type Checkpoint,
  loadCheckpoint,
  newestCheckpoint,
  readCheckpoint,
  saveCheckpoint,
} from "./checkpoint.ts";
export { type Comparison, compareEvaluations, compareMeasures } from "./compare.ts";
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
export { createOnnxEngine, type OnnxEngineOptions } from "./engines/onnx/index.ts";
export { evaluate } from "./evaluate.ts";
export {
  DEFAULT_EVALUATION_SETTINGS,
  type Evaluation,
  type EvaluationProgress,
  type EvaluationSettings,
  type ItemOutcome,
  MEASURES,
  type Measure,
  type Outcomes,
  type Rate,
} from "./evaluation.ts";
export {
  DEFAULT_MINING_SETTINGS,
  type MinedFailure,
  type MiningProgress,
  type MiningSettings,
  mine,
} from "./mine.ts";
export { type DecoderConfig, parseConfig, toHuggingFaceConfig } from "./model-files/config.ts";
export { type ModelFiles, readModelDir, toModelFiles, writeModelDir } from "./model-files/model-dir.ts";
export { readSafetensors, writeSafetensors } from "./model-files/safetensors.ts";
export type { TextFileName, TextFiles } from "./model-files/text-files.ts";
export { createTokenizer, loadTokenizer } from "./model-files/tokenizer.ts";
export { checkWeights, initWeights, type Weight, type Weights, weightShapes } from "./model-files/weights.ts";
export { createPolicy } from "./policy.ts";
export {
  DEFAULT_PRETRAIN_SETTINGS,
  type PretrainReport,
  type PretrainSettings,
  pretrain,
} from "./pretrain.ts";
export { resultOf } from "./result-of.ts";
export type { RewardedGroup } from "./reward.ts";
export { learningRateAt, type Schedule } from "./schedule.ts";
export type { StepReport } from "./step-report.ts";
export { train } from "./train.ts";
export { TRAIN_PRESETS, type TrainPreset, type TrainSettings } from "./train-settings.ts";
export type { UpdateReport } from "./update.ts";
