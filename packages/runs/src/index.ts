// Reading runs.

export {
  type ComparedRun,
  compareRuns,
  type Flip,
  type RunComparison,
} from "./read/compare-runs.ts";
export { type FoundRun, findRun, findRuns } from "./read/find-runs.ts";
export { type ListedRun, listRuns } from "./read/list-runs.ts";
export { openRunReader, type RunReader, type StoredEpisode } from "./read/run-reader.ts";
export { storedResult } from "./read/stored-result.ts";
export type { EpisodeRow, TurnRow } from "./store/read-episode.ts";
export type { OutcomeRow } from "./store/read-outcomes.ts";
export type { StoredRun } from "./store/stored-run.ts";

// Writing runs.

export { newRun, type OpenedRun, type OpenRun, sameRun } from "./store/open-run.ts";
export {
  createRunStore,
  type ErrorCount,
  type RunHeader,
  type RunStatus,
  type RunStore,
} from "./store/run-store.ts";
export type { StageRecord } from "./store/stage-record.ts";
export { writeFailed } from "./store/write-failed.ts";

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

export { comparisonText } from "./report/comparison-text.ts";
export { count, duration, percent } from "./report/format.ts";
export { controlName } from "./report/labels.ts";
export { plainTable } from "./report/plain-table.ts";
export { type ReportOptions, reportText, unfinishedNote } from "./report/report-text.ts";
export {
  CONTROLS,
  type EvaluationSummary,
  type Measured,
  type Result,
  type ResultHeader,
  toResult,
} from "./report/result.ts";
export { episodeText, runText } from "./report/run-text.ts";
export { type Layout, widthOf, wrapText } from "./report/wrap-text.ts";

// Export.

export { EXPORTS, type ExportFlags, FORMATS } from "./export/formats.ts";
export { type Cell, type ExportTable, TABLES } from "./export/tables.ts";
export { put, writeCsv, writeJsonLines, writeParquet } from "./export/write-table.ts";
