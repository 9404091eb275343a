/**
 * Options that go to the task, not to rrr: `--preset`, `--data`, and `--task.<name> <value>` for whatever else a
 * plugin's factory takes. Names are the plugin's business, so commander cannot know them: they are rewritten to
 * values of one option, `--task <name>=<value>`, before it looks.
 */

import type { TaskOptions } from "@rrr/plugins";
import { type Command, InvalidArgumentError, type Option } from "commander";
import { nonEmpty } from "./option-values.ts";

export interface TaskFlags {
  readonly preset?: string;
  readonly data?: string;
  readonly task?: TaskOptions;
  /** The configuration that gave some of the options, relative to the working directory. */
  readonly configFile?: string;
}

export function addTaskOptions(command: Command): Command {
  return command
    .option("--preset <name>", "one of the task's own presets", nonEmpty)
    .option("--data <path>", "problems from a file or folder that the task can read", nonEmpty)
    .option(TASK_OPTION, "any other option of the task, e.g. --task.mode bfcl", collect);
}

const TASK_OPTION = "--task <name=value>";

/** An option as help shows it, which is how people write it. */
export function optionTerm({ flags }: Option): string {
  return flags === TASK_OPTION ? "--task.<name> <value>" : flags;
}

/** `--task.name value` and `--task.name=value` as `--task name=value`; what follows `--` stays as it is. */
export function joinTaskOptions(argv: readonly string[]): string[] {
  const out: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] as string;
    if (word === "--") return [...out, ...argv.slice(i)];
    const name = /^--task\.([^=]+)(=.*)?$/s.exec(word);
    if (name === null) out.push(word);
    else out.push("--task", name[2] === undefined ? `${name[1]}=${argv[++i] ?? ""}` : `${name[1]}${name[2]}`);
  }
  return out;
}

function collect(text: string, before: TaskOptions = {}): TaskOptions {
  const [, name, value] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new InvalidArgumentError("Write --task.<name> <value>, for example --task.mode exact.");
  }
  return { ...before, [name]: parseValue(value) };
}

/** Numbers, booleans, lists and objects as JSON; anything else is text. */
function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What a plugin's factory is called with. */
export function toTaskOptions({ preset, data, task }: TaskFlags): TaskOptions {
  return { ...task, ...(preset === undefined ? {} : { preset }), ...(data === undefined ? {} : { data }) };
}
