import { checkTask } from "./check-task.ts";
import { defaultReflectionRequest } from "./reflection-request.ts";
import type { Task, TokenLimits } from "./task.ts";

/** Token budgets where a task has none of its own. */
export const DEFAULT_LIMITS: TokenLimits = { attempt: 1024, reflection: 512 };

/** A task without what `defineTask` fills in. */
export type TaskDefinition<Item> = Omit<Task<Item>, "spec" | "reflect" | "limits"> &
  Partial<Pick<Task<Item>, "reflect" | "limits">>;

/**
 * Makes a task of its definition: fills in the specification, the default request for a reflection and the
 * default limits, and checks the rest.
 * @throws RrrError `bad-task`, naming the field that is wrong.
 */
export function defineTask<Item>(definition: TaskDefinition<Item>): Task<Item> {
  const task: Task<Item> = {
    reflect: defaultReflectionRequest,
    limits: DEFAULT_LIMITS,
    ...definition,
    spec: "rrr/task@1",
  };
  checkTask(task);
  return task;
}
