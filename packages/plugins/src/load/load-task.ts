import { assertTask, messageOf, RrrError, type Task } from "@rrr/core";
import { manifestOf } from "../find/manifest.ts";
import { resolvePlugin } from "../find/resolve.ts";
import { defaultOf, importModule, type Module } from "./import-module.ts";
import { specProblem } from "./spec.ts";

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
  return { task: await loadFile(file, options), file };
}

/** `loadTask` for a plugin's file. */
export async function loadFile(file: string, options: TaskOptions): Promise<Task> {
  const task = await make(await importPlugin(file), options, file);
  checkSpec((task as Partial<Task> | undefined)?.spec, file);
  try {
    assertTask(task);
  } catch (cause) {
    throw new RrrError("bad-task", `${file} is not a task: ${messageOf(cause)}`, { cause, hint: CONTRACT });
  }
  return task;
}

const CONTRACT =
  "Its default export must be a task, made with defineTask() of @rrr/core, or a function that returns one.";

/** A plugin's default export: what it is, is not looked at. @throws RrrError `plugin-failed`, `bad-task` */
export async function importPlugin(file: string): Promise<unknown> {
  // What is written for another version may not even load.
  checkSpec(manifestOf(file)?.spec, file);
  const module = await load(file);
  const exported = defaultOf(module);
  if (exported !== undefined) return exported;
  const names = Object.keys(module);
  const instead = names.length === 0 ? "nothing at all" : names.join(", ");
  throw new RrrError("bad-task", `${file} has no default export; it exports ${instead}`, { hint: CONTRACT });
}

function checkSpec(spec: unknown, file: string): void {
  const problem = specProblem(spec, manifestOf(file)?.name);
  if (problem === undefined) return;
  throw new RrrError("bad-task", `${file} is ${problem.message}`, { hint: problem.hint });
}

async function load(file: string): Promise<Module> {
  try {
    return await importModule(file);
  } catch (cause) {
    throw failed(file, "loading it threw", cause);
  }
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
    return await exported(options);
  } catch (cause) {
    if (RrrError.is(cause)) throw cause;
    throw failed(file, "making its task threw", cause);
  }
}

function failed(file: string, what: string, cause: unknown): RrrError {
  const reason = messageOf(cause).split("\n", 1)[0] as string;
  const missing = /^Cannot find package '((?:@[^/']+\/)?[^/']+)/.exec(reason)?.[1];
  return new RrrError("plugin-failed", `plugin ${file}: ${what}: ${reason}`, {
    cause,
    hint:
      missing === undefined
        ? "Set RRR_DEBUG=1 to see where."
        : `It needs ${missing}, which is not installed beside it: npm install ${missing}.`,
  });
}
