import { messageOf, RrrError, type Task } from "@rrr/core";
import { parseItem } from "../plugins/parse-item.ts";

/** Training items that are checked before a run starts; the rest come as they are needed. */
const SAMPLE = 10;

/**
 * The first held-out items of a task, each checked against its schema, and a look at the training items, so that
 * a broken task is found before any work is done.
 * @throws RrrError `bad-item`, or `bad-task` if there are none.
 */
export async function heldOutItems(task: Task, seed: number, limit: number): Promise<readonly unknown[]> {
  await take(task, "train", seed, SAMPLE);
  return take(task, "test", seed, limit);
}

async function take(task: Task, split: "train" | "test", seed: number, limit: number): Promise<unknown[]> {
  const items: unknown[] = [];
  try {
    for await (const item of task.items(split, seed)) {
      items.push(await parseItem(task, item));
      if (items.length >= limit) break;
    }
  } catch (cause) {
    if (RrrError.is(cause)) throw cause;
    throw new RrrError("bad-task", `task "${task.name}": items() threw: ${messageOf(cause)}`, { cause });
  }
  if (items.length === 0) throw new RrrError("bad-task", `task "${task.name}" has no ${split} items`);
  return items;
}
