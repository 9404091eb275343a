// What the command does beyond the other packages, for programs. Importing this runs nothing.

export { parsedItems, parseItem } from "@rrr/core";
export type { CheckedTask } from "./check/check-message.ts";
export { type CheckReport, type CheckSettings, checkPlugin, type VerdictCost } from "./check/check-plugin.ts";
export { checkText } from "./check/check-text.ts";
export type { IsolationFlags } from "./commands/isolation-option.ts";
export { type InitSettings, initTask } from "./init/init.ts";
export type { TemplateName } from "./init/templates.ts";
export { type InstalledPlugin, listPlugins } from "./list/list-plugins.ts";
export { isolatePlugin } from "./plugins/isolate-plugin.ts";
export { type LoadedTask, loadTask, type TaskOptions } from "./plugins/load-task.ts";
export { type EpisodePrompts, episodePrompts } from "./prompts/episode-prompts.ts";
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
export type { LineVerdict } from "./verify/check-line.ts";
export { verifyLines } from "./verify/verify-lines.ts";
