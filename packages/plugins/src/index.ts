// Tasks and engines by name: found, loaded; verifiers run where they can do no harm.

export {
  type EpisodeAnswers,
  type EpisodePrompts,
  type EpisodePromptsSettings,
  episodePrompts,
} from "./episode-prompts.ts";
export { comesWithRrr } from "./find/comes-with-rrr.ts";
export type { PluginKind } from "./find/kind.ts";
export { resolvePlugin } from "./find/resolve.ts";
export { defaultOf, importModule, type Module } from "./load/import-module.ts";
export { type IsolationSettings, isolatePlugin } from "./load/isolate-plugin.ts";
export { type LoadedTask, loadTask, type TaskOptions } from "./load/load-task.ts";
export { located } from "./load/located.ts";
export { type ModuleFiles, moduleFiles, packageOf } from "./load/module-files.ts";
export { type EngineRequest, type OpenedEngine, openEngine } from "./load/open-engine.ts";
export { presetsOf } from "./load/presets-of.ts";

// Time limits for what plugins do in this process.

export { type GuardSettings, guardPlugins } from "./guard/guard.ts";

// Which there are, and whether they keep the contract.

export type { CheckedTask } from "./check/check-message.ts";
export { type CheckReport, type CheckSettings, checkPlugin, type VerdictCost } from "./check/check-plugin.ts";
export { type InstalledPlugin, listPlugins } from "./list/list-plugins.ts";
export { type PluginOption, type PluginOptions, pluginOptions } from "./list/plugin-options.ts";

// Verdicts on lines that any program produced.

export type { LineVerdict } from "./verify/check-line.ts";
export { verifyLines } from "./verify/verify-lines.ts";
