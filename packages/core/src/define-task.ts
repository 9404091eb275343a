import { checkTask } from "./check-task.ts";
import { defaultReflectionRequest } from "./reflection-request.ts";
import type { Task, TaskLimits } from "./task.ts";

/** Token limits where a task says none: room for a model that thinks before it answers. */
export const DEFAULT_LIMITS: TaskLimits = { attempt: 4096, reflection: 2048, for: "unknown" };

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
