import { type IsolatedTask, isolate } from "@rrr/core/isolation";
import { isOwn } from "../find/places.ts";
import { packageRoot } from "../package-root.ts";
import type { LoadedTask, TaskOptions } from "./load-task.ts";
import type { TaskInHost } from "./task-in-host.ts";

/** Where a verifier runs. */
export interface IsolationSettings {
  /** Default: none for tasks that come with rrr, a process for all others. */
  readonly isolate?: "worker" | "process" | "none";
}

/**
 * A plugin's task with its verifier where it can be ended, until it is closed.
 * @param options those that the plugin was loaded with: it is made once more where its verifier runs
 * @throws RrrError where it cannot be loaded there
 * @example const task = await isolatePlugin(await loadTask("./my-task.ts"));
 */
export async function isolatePlugin(
  { task, file }: LoadedTask,
  options: TaskOptions = {},
  { isolate: where = isOwn(file) ? "none" : "process" }: IsolationSettings = {},
): Promise<IsolatedTask<unknown>> {
  const inHost: TaskInHost = { file, options };
  const source = { module: new URL("dist/task-in-host.js", packageRoot), options: inHost };
  return isolate(task, source, { isolate: where === "none" ? false : where });
}
