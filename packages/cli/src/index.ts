// What the command does beyond the other packages, for programs. Importing this runs nothing.

export { parsedItems, parseItem } from "@rrr/core";
export type { CheckedTask, IsolationSettings, LineVerdict } from "@rrr/plugins";
export {
  type CheckReport,
  type CheckSettings,
  checkPlugin,
  type EpisodePrompts,
  episodePrompts,
  type InstalledPlugin,
  isolatePlugin,
  type LoadedTask,
  listPlugins,
  loadTask,
  type TaskOptions,
  type VerdictCost,
  verifyLines,
} from "@rrr/plugins";
export { checkText } from "./check/check-text.ts";
export { type InitSettings, initTask } from "./init/init.ts";
export type { TemplateName } from "./init/templates.ts";
export { reportText } from "./report/report-text.ts";
export { type EvaluationSummary, type Result, type ResultHeader, toResult } from "./report/result.ts";
export {
  type ComparedRun,
  compareRuns,
  type Flip,
  type RunComparison,
} from "./runs/compare-runs.ts";
export { comparisonText } from "./runs/comparison-text.ts";
export { type ListedRun, listRuns } from "./runs/list-runs.ts";
export type { RunStatus } from "./store/run-store.ts";
