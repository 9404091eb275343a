import type { Task } from "@rrr/core";
import type { EnginePlugin } from "@rrr/trainer";

/** What a plugin can be. */
export type PluginKind = "task" | "engine";

interface KindOfPlugin {
  /** As a sentence has it. */
  readonly noun: string;
  /** The version of the contract that this rrr runs. */
  readonly spec: Task["spec"] | EnginePlugin["spec"];
  /** What a plugin's default export must be. */
  readonly contract: string;
}

export const KINDS: Readonly<Record<PluginKind, KindOfPlugin>> = {
  task: {
    noun: "a task",
    spec: "rrr/task@1",
    contract:
      "Its default export must be a task, made with defineTask() of @rrr/core, or a function that returns one.",
  },
  engine: {
    noun: "an engine",
    spec: "rrr/engine@1",
    contract: "Its default export must be an engine, made with defineEngine() of @rrr/trainer.",
  },
};

/** The kind that a contract's version is one of. */
export function kindOfSpec(spec: string): PluginKind {
  return spec.startsWith("rrr/engine@") ? "engine" : "task";
}
