/** Options that go to the task, not to rrr: some by names of their own, and `--task.<name>` for what else its plugin takes. */
import type { TaskOptions } from "@rrr/plugins";
import type { Command } from "commander";
import { collectNamed } from "./named-options.ts";
import { nonEmpty } from "./option-values.ts";

export interface TaskFlags {
  readonly preset?: string;
  readonly data?: string;
  readonly split?: string;
  readonly skipBadItems?: true;
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
    .option("--split <name>", "which of the data are held out: test, a part of them, or all", nonEmpty)
    .option("--skip-bad-items", "leave out rows of the data that are no problems, and count them")
    .option("--task <name=value>", "any other option of the task, e.g. --task.mode bfcl", (text, before) =>
      collectNamed("task.mode exact", text, before as TaskOptions | undefined),
    );
}

/** Options of tasks that have a flag of their own. */
export const SHORT_OPTIONS: readonly (keyof TaskFlags)[] = ["preset", "data", "split", "skipBadItems"];

/** What a plugin's factory is called with. */
export function toTaskOptions(flags: TaskFlags): TaskOptions {
  const given = SHORT_OPTIONS.filter((name) => flags[name] !== undefined);
  return { ...flags.task, ...Object.fromEntries(given.map((name) => [name, flags[name]])) };
}
