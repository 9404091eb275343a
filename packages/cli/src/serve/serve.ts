import { RrrError } from "@rrr/core";
import type { ServeModelFlags } from "./serve-model.ts";
import type { ServeTaskFlags } from "./serve-task.ts";

/** The options of `rrr serve`: some are for a model, some for a task. */
export interface ServeFlags extends ServeModelFlags, ServeTaskFlags {
  readonly tinker?: string;
}

const USAGE = "Serve a task: rrr serve countdown. Serve a model: rrr serve --tinker builtin.";

/**
 * `rrr serve`
 * @param given options that were given for a task, and for a model, as they are written
 */
export async function serve(
  plugin: string | undefined,
  flags: ServeFlags,
  given: { readonly task: readonly string[]; readonly model: readonly string[] },
): Promise<void> {
  const { tinker } = flags;
  if (plugin !== undefined && tinker !== undefined) {
    throw refused(`it is one or the other: the task ${plugin}, or the model of --tinker`);
  }
  if (plugin !== undefined) {
    refuseOthers(given.model, "--tinker", "a task");
    const { serveTask } = await import("./serve-task.ts");
    await serveTask(plugin, flags);
  } else if (tinker !== undefined) {
    refuseOthers(given.task, "a task", "--tinker");
    const { serveModel } = await import("./serve-model.ts");
    await serveModel(tinker, flags);
  } else throw refused("nothing is named that could be served");
}

function refuseOthers([first]: readonly string[], theirs: string, here: string): void {
  if (first !== undefined) throw refused(`${first} goes with ${theirs}, not with ${here}`);
}

function refused(message: string): RrrError {
  return new RrrError("bad-argument", message, { hint: USAGE });
}
