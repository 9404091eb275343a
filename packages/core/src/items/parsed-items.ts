import { messageOf, RrrError } from "../errors.ts";
import type { Task } from "../task.ts";
import { parseItem } from "./parse-item.ts";

/**
 * A task's items as its schema puts them out: the one way in which items enter a run.
 * @throws RrrError `bad-item` at the first that the schema refuses, `bad-task` if the plugin's code throws.
 */
export async function* parsedItems<Item>(
  task: Task<Item>,
  split: "train" | "test",
  seed: number,
): AsyncGenerator<Item, void, undefined> {
  try {
    for await (const item of task.items(split, seed)) yield await parseItem(task, item);
  } catch (cause) {
    if (RrrError.is(cause)) throw cause;
    throw new RrrError("bad-task", `task "${task.name}": items() threw: ${messageOf(cause)}`, { cause });
  }
}
