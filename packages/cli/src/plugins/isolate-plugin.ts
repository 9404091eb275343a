import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type IsolatedTask, isolate } from "@rrr/core/isolation";
import type { IsolationFlags } from "../commands/isolation-option.ts";
import type { LoadedTask, TaskOptions } from "./load-task.ts";
import type { TaskInHost } from "./task-in-host.ts";

/** A plugin's task with its verifier where it can be ended. @throws RrrError where it cannot be loaded there */
export async function isolatePlugin(
  { task, file }: LoadedTask,
  options: TaskOptions,
  { isolate: where = isOwn(file) ? "none" : "process" }: IsolationFlags,
): Promise<IsolatedTask<unknown>> {
  const inHost: TaskInHost = { file, options };
  const source = { module: new URL("task-in-host.js", import.meta.url), options: inHost };
  return isolate(task, source, { isolate: where === "none" ? false : where });
}

/** Whether a file belongs to a package of ours: npm lets nobody else publish as @rrr. */
function isOwn(file: string): boolean {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, "package.json");
    if (!existsSync(manifest)) continue;
    const { name } = JSON.parse(readFileSync(manifest, "utf8")) as { readonly name?: unknown };
    return typeof name === "string" && name.startsWith("@rrr/");
  }
  return false;
}
