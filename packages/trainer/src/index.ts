export {
  type Checkpoint,
  loadCheckpoint,
  newestCheckpoint,
  readCheckpoint,
  saveCheckpoint,
} from "./checkpoint.ts";
export {
  type Comparison,
  compareEvaluations,
  compareMeasures,
  compareOutcomes,
  toTable,
} from "./compare.ts";
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
export { evaluateUnits } from "./evaluate-units.ts";
export {
  DEFAULT_EVALUATION_SETTINGS,
  type Evaluation,
  type EvaluationProgress,
  type EvaluationSettings,
  type ItemOutcome,
  MEASURES,
  type Measure,
  measuresOf,
  type OfMeasures,
  type Outcomes,
  type PassAtK,
  type Rate,
} from "./evaluation.ts";
export {
  type ControlAnswer,
  createMemoryRecord,
  type EvaluationRecord,
  type EvaluationStage,
  type Unit,
  type UnitEntry,
  type UnitResult,
} from "./evaluation-record.ts";
export { exportOnnx } from "./export/export-onnx.ts";
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
export { type OutcomeTable, summarize } from "./summarize.ts";
export { train } from "./train.ts";
export {
  type NamedReward,
  type RewardFunction,
  TRAIN_PRESETS,
  type TrainPreset,
  type TrainSettings,
} from "./train-settings.ts";
export type { UpdateReport } from "./update.ts";
