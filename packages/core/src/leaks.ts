import { messageOf, RrrError } from "./errors.ts";
import type { Task } from "./task.ts";
import { type Called, callWithin, type VerifySettings } from "./time-limit.ts";
import { verifyWithin } from "./verify.ts";

/**
 * Whether a reflection states a complete right answer: by the task's own `leaks`, else by its verifier.
 * @returns undefined where that cannot be told: the verifier came to no verdict, or the time was up.
 * @throws RrrError `bad-task` when the task's `leaks` throws or returns no boolean; `aborted`
 */
export async function reflectionLeaks<Item>(
  task: Task<Item>,
  item: Item,
  reflection: string,
  settings: VerifySettings = {},
): Promise<boolean | undefined> {
  if (task.leaks === undefined) {
    const verdict = await verifyWithin(task, item, reflection, settings);
    return verdict.kind === "invalid" ? unknownUnlessAborted(verdict.error) : verdict.kind === "pass";
  }
  const called = await callLeaks(task, item, reflection, settings);
  if (called.kind === "stopped") return unknownUnlessAborted(called.error);
  if (typeof called.value === "boolean") return called.value;
  throw failed(task, new TypeError(`returned ${typeof called.value} instead of a boolean`));
}

async function callLeaks<Item>(
  task: Task<Item>,
  item: Item,
  reflection: string,
  settings: VerifySettings,
): Promise<Called<unknown>> {
  try {
    return await callWithin(`leaks() of task "${task.name}"`, settings, () => task.leaks?.(item, reflection));
  } catch (cause) {
    throw failed(task, cause);
  }
}

function unknownUnlessAborted(error: RrrError): undefined {
  if (error.code === "aborted") throw error;
}

function failed(task: Pick<Task, "name">, cause: unknown): RrrError {
  return new RrrError("bad-task", `task "${task.name}": leaks() failed: ${messageOf(cause)}`, { cause });
}
