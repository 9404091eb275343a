import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { TaskOptions } from "./load-task.ts";

/**
 * Options whose `data` holds in any working directory: a run may be resumed in another one.
 * @param cwd that the options were given in
 */
export function located(options: TaskOptions, cwd: string): TaskOptions {
  const { data } = options;
  if (typeof data !== "string") return options;
  const path = resolve(cwd, data);
  return existsSync(path) ? { ...options, data: path } : options;
}
