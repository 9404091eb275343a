import { assertTask, messageOf, RrrError, type Task } from "@rrr/core";
import { KINDS } from "../find/kind.ts";
import { isOwn } from "../find/places.ts";
import { resolvePlugin } from "../find/resolve.ts";
import { guarded } from "../guard/guard.ts";
import { guardTask } from "../guard/guard-task.ts";
import { checkSpec, importPlugin } from "./import-plugin.ts";
import { pluginFailed } from "./plugin-failed.ts";

/** What a plugin's factory is called with; what they may be is the plugin's to say. */
export type TaskOptions = Readonly<Record<string, unknown>>;

/** A task and the file that it came from. */
export interface LoadedTask {
  readonly task: Task;
  readonly file: string;
}

/**
 * Resolves a plugin's name, imports it and checks that it is a task. A plugin's default export is a task, or a
 * function of options that makes one.
 * @throws RrrError `plugin-not-found`, `plugin-failed`, `bad-task`, or `bad-argument` for options that it does not take.
 */
export async function loadTask(
  name: string,
  options: TaskOptions = {},
  cwd: string = process.cwd(),
): Promise<LoadedTask> {
  const file = resolvePlugin(name, cwd);
  const task = await loadFile(file, options);
  return { task: isOwn(file) ? task : guardTask(task), file };
}

/** `loadTask` for a plugin's file. */
export async function loadFile(file: string, options: TaskOptions): Promise<Task> {
  const task = await make(await importPlugin(file, "task"), options, file);
  checkSpec((task as Partial<Task> | undefined)?.spec, file, "task");
  try {
    assertTask(task);
  } catch (cause) {
    throw new RrrError("bad-task", `${file} is not a task: ${messageOf(cause)}`, {
      cause,
      hint: KINDS.task.contract,
    });
  }
  return task;
}

async function make(exported: unknown, options: TaskOptions, file: string): Promise<unknown> {
  if (typeof exported !== "function") {
    const [name] = Object.keys(options);
    if (name === undefined) return exported;
    throw new RrrError("bad-argument", `the task of ${file} takes no options, and got "${name}"`, {
      hint: "Leave --preset, --data and --task.… out.",
    });
  }
  try {
    return await guarded(`making the task of ${file}`, () => exported(options));
  } catch (cause) {
    if (RrrError.is(cause)) throw cause;
    throw pluginFailed(file, "making its task threw", cause);
  }
}
