import type { Failure } from "./task.ts";

/**
 * The request for a reflection where a task has none of its own: that the attempt failed, and nothing more.
 * @see https://arxiv.org/abs/2505.24726
 */
export function defaultReflectionRequest(_failure: Failure<unknown>): string {
  return (
    "You tried solving the following problem and got the wrong answer. Reflect on what went wrong " +
    "and write a short explanation that will help you do better next time."
  );
}
