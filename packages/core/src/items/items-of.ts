import { messageOf, RrrError } from "../errors.ts";
import type { Task } from "../task.ts";

/**
 * A task's items, before `parseItem`; trouble of the plugin's own code is the task's.
 * @throws RrrError `bad-task` if the plugin's code throws.
 */
export async function* itemsOf<Item>(
  task: Task<Item>,
  split: "train" | "test",
  seed: number,
): AsyncGenerator<Item, void, undefined> {
  try {
    yield* task.items(split, seed);
  } catch (cause) {
    if (RrrError.is(cause)) throw cause;
    throw new RrrError("bad-task", `task "${task.name}": items() threw: ${messageOf(cause)}`, { cause });
  }
}
