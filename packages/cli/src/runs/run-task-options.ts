import { located, type TaskOptions } from "@rrr/plugins";
import { type TaskFlags, toTaskOptions } from "../commands/task-options.ts";
import type { StoredRun } from "../store/stored-run.ts";

/** The options that a run's task was made with. */
export function runTaskOptions({ flags, cwd }: StoredRun["invocation"]): TaskOptions {
  const options = toTaskOptions((flags ?? {}) as TaskFlags);
  return typeof cwd === "string" ? located(options, cwd) : options;
}
