import { messageOf, RrrError } from "../errors.ts";
import { issuesText } from "../issues-text.ts";
import type { Task } from "../task.ts";
import { DEFAULT_VERIFY_TIMEOUT_MS } from "../time-limit.ts";

/**
 * Checks a value against a task's schema, within the time that a verifier has.
 * @throws RrrError `bad-item`, naming the field that is wrong; `bad-task` if the schema itself is broken.
 */
export async function parseItem<Item>(task: Task<Item>, value: unknown): Promise<Item> {
  const result = await validate(task, value);
  if (result.issues === undefined) return result.value;
  throw new RrrError("bad-item", `not an item of task "${task.name}": ${issuesText(result.issues)}`);
}

type Validated<Item> = Awaited<ReturnType<Task<Item>["schema"]["~standard"]["validate"]>>;

async function validate<Item>(task: Task<Item>, value: unknown): Promise<Validated<Item>> {
  let timer: NodeJS.Timeout | undefined;
  try {
    const result = task.schema["~standard"].validate(value);
    // No timer for the many that answer at once. Anything with a then() is a promise to `await`.
    if (!("then" in result)) return result;
    const late = new Promise<never>((_, reject) => {
      const error = new Error(`no answer within ${DEFAULT_VERIFY_TIMEOUT_MS} ms`);
      timer = setTimeout(() => reject(error), DEFAULT_VERIFY_TIMEOUT_MS);
    });
    return await Promise.race([result, late]);
  } catch (cause) {
    throw new RrrError("bad-task", `the schema of task "${task.name}" failed: ${messageOf(cause)}`, {
      cause,
    });
  } finally {
    clearTimeout(timer);
  }
}
