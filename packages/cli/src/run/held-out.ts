import { parsedItems, RrrError, type Task } from "@rrr/core";

/** Training items that are looked at before a run starts; the rest come as they are needed. */
const SAMPLE = 10;

/**
 * The first held-out items of a task, and a look at the training items, so that a broken task is found before any
 * work is done.
 * @throws RrrError `bad-item`, or `bad-task` if there are none.
 */
export async function heldOutItems(task: Task, seed: number, limit: number): Promise<readonly unknown[]> {
  await take(task, "train", seed, SAMPLE);
  return take(task, "test", seed, limit);
}

async function take(task: Task, split: "train" | "test", seed: number, limit: number): Promise<unknown[]> {
  const items: unknown[] = [];
  for await (const item of parsedItems(task, split, seed)) {
    items.push(item);
    if (items.length >= limit) break;
  }
  if (items.length > 0) return items;
  throw new RrrError("bad-task", `task "${task.name}" has no ${split} items`, {
    hint: `Its items("${split}", seed) must yield at least one.`,
  });
}
