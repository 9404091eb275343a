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
export type { RunStatus } from "@rrr/runs";
export {
  type ComparedRun,
  compareRuns,
  comparisonText,
  type EvaluationSummary,
  type Flip,
  type ListedRun,
  listRuns,
  type Result,
  type ResultHeader,
  type RunComparison,
  reportText,
  toResult,
} from "@rrr/runs";
export { checkText } from "./check/check-text.ts";
export { type InitSettings, initTask } from "./init/init.ts";
export type { TemplateName } from "./init/templates.ts";
