import { messageOf, RrrError, type Task } from "@rrr/core";

/** Checks a value against a task's schema. @throws RrrError `bad-item`, naming the field that is wrong. */
export async function parseItem<Item>(task: Task<Item>, value: unknown): Promise<Item> {
  const result = await validate(task, value);
  if (result.issues === undefined) return result.value;
  const issues = result.issues.map(({ message, path }) => {
    const at = (path ?? []).map((part) => String(typeof part === "object" ? part.key : part)).join(".");
    return at === "" ? message : `${at}: ${message}`;
  });
  throw new RrrError("bad-item", `not an item of task "${task.name}": ${issues.join("; ")}`);
}

async function validate<Item>(
  task: Task<Item>,
  value: unknown,
): Promise<Awaited<ReturnType<Task<Item>["schema"]["~standard"]["validate"]>>> {
  try {
    return await task.schema["~standard"].validate(value);
  } catch (cause) {
    throw new RrrError("bad-task", `the schema of task "${task.name}" threw: ${messageOf(cause)}`, { cause });
  }
}
