/** Options that go to the task, not to rrr: `--preset`, `--data`, and `--task.<name>` for what else its plugin takes. */
import type { TaskOptions } from "@rrr/plugins";
import type { Command } from "commander";
import { collectNamed } from "./named-options.ts";
import { nonEmpty } from "./option-values.ts";

export interface TaskFlags {
  readonly preset?: string;
  readonly data?: string;
  readonly task?: TaskOptions;
  /** The configuration that gave some of the options, relative to the working directory. */
  readonly configFile?: string;
  /** The task's options that it gave. */
  readonly configuredTaskOptions?: readonly string[];
}

export function addTaskOptions(command: Command): Command {
  return command
    .option("--preset <name>", "one of the task's own presets", nonEmpty)
    .option("--data <path>", "problems from a file or folder that the task can read", nonEmpty)
    .option("--task <name=value>", "any other option of the task, e.g. --task.mode bfcl", (text, before) =>
      collectNamed("task.mode exact", text, before as TaskOptions | undefined),
    );
}

/** What a plugin's factory is called with. */
export function toTaskOptions({ preset, data, task }: TaskFlags): TaskOptions {
  return { ...task, ...(preset === undefined ? {} : { preset }), ...(data === undefined ? {} : { data }) };
}
