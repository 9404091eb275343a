export { assertEngine } from "./assert-engine.ts";
export { type AskedOfEngine, checkCapabilities } from "./check-capabilities.ts";
export {
  type Checkpoint,
  checkpointOf,
  type KeptCheckpoints,
  loadCheckpoint,
  newestCheckpoint,
  pruneCheckpoints,
  saveCheckpoint,
} from "./checkpoint.ts";
export {
  assertEnginePlugin,
  defineEngine,
  type EngineDefinition,
  type EnginePlugin,
  type EngineUse,
  type OpenRequest,
} from "./define-engine.ts";
export { divergedModel } from "./diverged-model.ts";
export { writeDirDurably } from "./durable.ts";
export type {
  AdamSettings,
  Datum,
  Engine,
  EngineCapabilities,
  EngineRuntime,
  Loss,
  LossReport,
  Normalization,
  OptimReport,
  PolicyGradientLoss,
  SampleOptions,
  Stored,
  StoredModel,
  Surrogate,
  TokenCompletion,
  Tokenizer,
} from "./engine.ts";
export { type AnswerCounts, countedTable, type TurnCounts } from "./evaluate/answers.ts";
export { checkEvaluationSettings } from "./evaluate/check-evaluation-settings.ts";
export {
  type Comparison,
  compareEvaluations,
  compareMeasures,
  compareOutcomes,
} from "./evaluate/compare.ts";
export { countingTokens } from "./evaluate/counting-tokens.ts";
export { asksFor, type Measurements, type OutcomeTable } from "./evaluate/coverage.ts";
export type { ErrorCount } from "./evaluate/error-counts.ts";
export { evaluate } from "./evaluate/evaluate.ts";
export {
  type Asked,
  DEFAULT_EVALUATION_SETTINGS,
  type Evaluation,
  type EvaluationProgress,
  type EvaluationSettings,
  MEASURES,
  type Measure,
  measuresOf,
  type OfMeasures,
  type Outcomes,
  type PassAtK,
  type Rate,
  type Share,
} from "./evaluate/evaluation.ts";
export {
  type Begun,
  type ControlAnswer,
  type ControlError,
  createMemoryRecord,
  type EvaluationPart,
  type EvaluationRecord,
  type MemoryRecord,
  type Tally,
  type Unit,
  type UnitEntry,
  type UnitResult,
} from "./evaluate/evaluation-record.ts";
export {
  isSampledAlike,
  type RetryConditions,
  type RetryControl,
  retryControlsOf,
} from "./evaluate/retry-controls.ts";
export { summarize } from "./evaluate/summarize.ts";
export { type LossTerms, lossOf } from "./loss.ts";
export {
  checkMiningSettings,
  DEFAULT_MINING_SETTINGS,
  type MinedFailure,
  type MiningCounts,
  type MiningProgress,
  type MiningSettings,
  mine,
} from "./mine.ts";
export {
  type AdapterBase,
  baseModelDir,
  hashWeights,
  isAdapterDir,
  modelName,
  writeAdapterDir,
} from "./model-files/adapter-dir.ts";
export {
  type DecoderConfig,
  type Projection,
  parseConfig,
  toHuggingFaceConfig,
} from "./model-files/config.ts";
export { type Family, type FamilyName, familyOf } from "./model-files/families.ts";
export {
  type Adapter,
  initAdapter,
  type LoraModule,
  type LoraSettings,
  loraNames,
  loraScale,
  mergeAdapter,
  mergeInPlace,
  projectionShapes,
  targetOf,
} from "./model-files/lora.ts";
export { type ModelCard, modelCard, readLicense } from "./model-files/model-card.ts";
export {
  type AdaptedModel,
  type ModelFiles,
  modelDirFiles,
  readAdaptedDir,
  readModelConfig,
  readModelDir,
  toModelFiles,
  writeModelDir,
} from "./model-files/model-dir.ts";
export type { RopeScaling } from "./model-files/rope-scaling.ts";
export { readSafetensors, writeSafetensors } from "./model-files/safetensors.ts";
export type { TextFileName, TextFiles } from "./model-files/text-files.ts";
export { type ChatTokenizer, createTokenizer, loadTokenizer } from "./model-files/tokenizer.ts";
export {
  elements,
  initWeights,
  isWeight,
  type Weight,
  type Weights,
  weightShapes,
} from "./model-files/weights.ts";
export { isComplete, isUnfinished, ownFiles, removeOwnFiles } from "./own-files.ts";
export { createPolicy, type Policy } from "./policy.ts";
export {
  DEFAULT_PRETRAIN_SETTINGS,
  type PretrainReport,
  type PretrainSettings,
  pretrain,
} from "./pretrain.ts";
export { resultOf } from "./streams/result-of.ts";
export { clippedTokens, SURROGATES } from "./surrogate.ts";
export { checkHistory } from "./train/check-history.ts";
export { checkTrainSettings } from "./train/check-train-settings.ts";
export type { RewardedGroup } from "./train/reward.ts";
export type { Schedule } from "./train/schedule.ts";
export { type NamedSetting, namedSettings, type SettingSource } from "./train/setting-source.ts";
export type { StepReport } from "./train/step-report.ts";
export { train } from "./train/train.ts";
export {
  type NamedReward,
  type RewardFunction,
  TRAIN_SETTINGS,
  type TrainSettings,
  type TrainSettingsName,
} from "./train/train-settings.ts";
export type { UpdateReport } from "./train/update.ts";
export { figuresOf, type StepFigures } from "./watch/step-figures.ts";
export {
  createWatch,
  fallText,
  type TrainingWarning,
  type WarningSign,
  type Watched,
} from "./watch/watch.ts";
