// Starting and resuming runs.

export type { Estimate } from "./flow/estimate.ts";
export type { EstimateEvent, ProgressEvent, RunEvent, SpentEvent } from "./flow/events.ts";
export type { LookFinding } from "./flow/look.ts";
export type { Run } from "./flow/run.ts";
export type { EvaluationStage, RunStage } from "./flow/stages.ts";
export { type ResumeOptions, type RunOptions, resumeRun, startRun } from "./flow/start-run.ts";
export { checkpointOfRun } from "./model/checkpoint-of-run.ts";
export type { ModelContext } from "./model/model-context.ts";
export { modelFolder } from "./model/model-folder.ts";
export {
  type Asking,
  openSampledModel,
  type SampledModel,
  type SpendingLimits,
} from "./model/open-model.ts";
export { BAR_MEASURES, type Bar, missedBars, parseBar } from "./spec/bars.ts";
export type { Headers, KeptHeaders } from "./spec/headers.ts";
export { MOST_ERRORED, tooManyErrored } from "./spec/most-errored.ts";
export type { LimitSource, RunLimits } from "./spec/run-limits.ts";
export type { RunRetry } from "./spec/run-retry.ts";
export type {
  EngineSpec,
  EvaluationPlan,
  GuardRails,
  ModelSpec,
  PlannedEvaluation,
  PlannedMining,
  PlannedTraining,
  PresetSource,
  RunPlan,
  RunSpec,
  SettingsFrom,
  TaskSpec,
  TrainingPlan,
} from "./spec/run-spec.ts";
export {
  type EvaluationRequest,
  type RunRequest,
  type TrainingRequest,
  toRunSpec,
} from "./spec/to-run-spec.ts";

// What a run from elsewhere may use.

export {
  allowance,
  refuseUntrusted,
  shownAllowance,
  type TrustOptions,
  untrusted,
} from "./trust/check-trust.ts";
export { type Wanted, wantedByTask } from "./trust/wanted.ts";

// Reading runs.

export {
  type ComparedRun,
  compareRuns,
  type Flip,
  type RunComparison,
} from "./read/compare-runs.ts";
export { type FoundRun, findRun, findRuns, runNames } from "./read/find-runs.ts";
export { figuresOfRun, type ListedRun, listRuns, type RunFigures } from "./read/list-runs.ts";
export { type ChangedVerdict, reverify } from "./read/reverify.ts";
export { CURVES, type CurveName, type CurvePoint, type RunCurves } from "./read/run-curves.ts";
export {
  type EpisodePage,
  type News,
  openRunReader,
  type PageSettings,
  type RunReader,
  type StoredCheckpoint,
  type StoredEpisode,
  type StoredTurn,
} from "./read/run-reader.ts";
export { type RunSetting, runSettings } from "./read/run-settings.ts";
export { type RunState, runState } from "./read/run-state.ts";
export { type ScoredMeasure, type StageScore, scoreRun } from "./read/score-run.ts";
export type { SettingDifference } from "./read/setting-differences.ts";
export { storedResult } from "./read/stored-result.ts";
export type {
  EpisodeRow,
  NewsRow,
  OutcomeRow,
  RunStatus,
  StepRow,
  TurnRow,
} from "./store/schema.ts";
export { type StoredRun, specOf } from "./store/stored-run.ts";
export type { ProbeScore } from "./store/training-rows.ts";
export { writeFailed } from "./store/write-failed.ts";

// Finding episodes.

export {
  type EpisodeCount,
  type EpisodeIndex,
  type FoundEpisodes,
  type IndexProgress,
  openEpisodeIndex,
} from "./explore/episode-index.ts";
export { EPISODE_ORDERS, type EpisodeOrder, type EpisodeQuery } from "./explore/episode-query.ts";
export { clearIndexFolder, type IndexFolder, readIndexFolder } from "./explore/index-folder.ts";
export { EPISODE_PATHS, type EpisodeEntry, type EpisodePath } from "./explore/index-tables.ts";
export { type KeptFigures, openKeptFigures } from "./explore/kept-figures.ts";
export { toEpisodeEntry } from "./explore/to-entry.ts";

// Removing runs.

export { applyPrune } from "./prune/apply-prune.ts";
export { planPrune } from "./prune/plan-prune.ts";
export type {
  LeftAlone,
  Prunable,
  PruneOutcome,
  PrunePlan,
  PruneSettings,
} from "./prune/prune-plan.ts";

// Reports.

export { comparisonFindings, comparisonRows, comparisonText } from "./report/comparison-text.ts";
export { findings } from "./report/findings.ts";
export { count, duration, percent } from "./report/format.ts";
export { historyText } from "./report/history-text.ts";
export { shareFigure } from "./report/numbers.ts";
export { plainTable } from "./report/plain-table.ts";
export { REPORT_FORMATS, type ReportFormat, reportIn } from "./report/report-formats.ts";
export { noteOf, type ReportOptions, reportText, unfinishedNote } from "./report/report-text.ts";
export {
  type EvaluationSummary,
  type Measured,
  type Result,
  type ResultHeader,
  toResult,
} from "./report/result.ts";
export { type MeasureBars, type ResultBar, type ResultBars, resultBars } from "./report/result-bars.ts";
export { type ResultRows, resultRows } from "./report/result-table.ts";
export { episodeText, runText } from "./report/run-text.ts";
export { scoreText } from "./report/score-text.ts";
export type { MeasuredCheckpoint, TrainingOutcome } from "./report/training-outcome.ts";
export { type Layout, widthOf, wrapText } from "./report/wrap-text.ts";

// Trackers.

export { createMetrics, type Metric } from "./trackers/metrics.ts";
export { type TensorBoardLog, tensorBoardLog } from "./trackers/tensorboard.ts";

// Export.

export { writeFailures } from "./export/failures.ts";
export { EXPORTS, type ExportFlags, FORMATS } from "./export/formats.ts";
export { type Cell, type ExportTable, TABLES } from "./export/tables.ts";
export { writeCsv, writeJsonLines, writeParquet } from "./export/write-table.ts";
export { type RunCard, runCard } from "./report/run-card.ts";
