import { located, type TaskOptions } from "@rrr/plugins";
import type { StoredRun } from "@rrr/runs";
import { type TaskFlags, toTaskOptions } from "../commands/task-options.ts";

/** The options that a run's task was made with. */
export function runTaskOptions({ flags, cwd }: StoredRun["invocation"]): TaskOptions {
  const options = toTaskOptions((flags ?? {}) as TaskFlags);
  return typeof cwd === "string" ? located(options, cwd) : options;
}
