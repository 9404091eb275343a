import { messageOf, RrrError } from "./errors.ts";
import type { Task } from "./task.ts";
import { type VerifySettings, verifyWithin } from "./verify.ts";

/**
 * Whether a reflection states a complete right answer: by the task's own `leaks`, else by its verifier.
 * @throws RrrError `bad-task` when the task's `leaks` throws or returns no boolean.
 */
export async function reflectionLeaks<Item>(
  task: Task<Item>,
  item: Item,
  reflection: string,
  settings: VerifySettings = {},
): Promise<boolean> {
  if (task.leaks === undefined) {
    return (await verifyWithin(task, item, reflection, settings)).kind === "pass";
  }
  try {
    const leaks: unknown = await task.leaks(item, reflection);
    if (typeof leaks === "boolean") return leaks;
    throw new TypeError(`returned ${typeof leaks} instead of a boolean`);
  } catch (cause) {
    throw new RrrError("bad-task", `task "${task.name}": leaks() failed: ${messageOf(cause)}`, { cause });
  }
}
