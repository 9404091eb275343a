import { assertTask, messageOf, RrrError, type Task } from "@rrr/core";
import { importModule } from "./import-module.ts";
import { resolvePlugin } from "./resolve.ts";

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
export async function loadTask(name: string, options: TaskOptions, cwd: string): Promise<LoadedTask> {
  const file = resolvePlugin(name, cwd);
  return { task: await loadFile(file, options), file };
}

/** `loadTask` for a plugin's file. */
export async function loadFile(file: string, options: TaskOptions): Promise<Task> {
  const exported = await importDefault(file);
  const task = await make(exported, options, file);
  try {
    assertTask(task);
  } catch (error) {
    const hint =
      "Its default export must be a task, made with defineTask() of @rrr/core, or a function that returns one.";
    throw new RrrError("bad-task", `${file} is not a task: ${messageOf(error)}`, { cause: error, hint });
  }
  return task;
}

async function importDefault(file: string): Promise<unknown> {
  let module: Readonly<Record<string, unknown>>;
  try {
    module = await importModule(file);
  } catch (cause) {
    throw failed(file, "loading it threw", cause);
  }
  const exported = module.default;
  // Compiled to CommonJS, `export default` arrives one level down.
  const isInterop = typeof exported === "object" && exported !== null && "__esModule" in exported;
  return isInterop ? (exported as { readonly default?: unknown }).default : exported;
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
  const reason = messageOf(cause).split("\n", 1)[0];
  return new RrrError("plugin-failed", `plugin ${file}: ${what}: ${reason}`, {
    cause,
    hint: "Set RRR_DEBUG=1 to see where.",
  });
}
