/** What a verifier's thread or process loads: any plugin, as the command itself loads it. */
import type { Task } from "@rrr/core";
import { loadFile, type TaskOptions } from "./load-task.ts";

export default function taskInHost({ file, options }: TaskInHost): Promise<Task> {
  return loadFile(file, options);
}

export interface TaskInHost {
  readonly file: string;
  readonly options: TaskOptions;
}
