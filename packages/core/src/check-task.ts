import { RrrError } from "./errors.ts";
import { RETRY_LAYOUTS } from "./retry-layout.ts";
import { show } from "./show.ts";
import type { Task } from "./task.ts";

/** Whether a value, e.g. what a module exports, is a task of this specification. */
export function isTask(value: unknown): value is Task {
  return findProblem(value) === undefined;
}

/** @throws RrrError `bad-task`, naming the field that is wrong. */
export function assertTask(value: unknown): asserts value is Task {
  checkTask(value);
}

/** `assertTask` for callers that hold a typed task already. */
export function checkTask(value: unknown): void {
  const problem = findProblem(value);
  if (problem !== undefined) {
    throw new RrrError("bad-task", problem, { hint: "Make tasks with defineTask() of @rrr/core." });
  }
}

type Fields = Readonly<Record<string, unknown>>;

function findProblem(value: unknown): string | undefined {
  if (!isObject(value)) return `a task must be an object, got ${show(value)}`;
  if (value.spec !== "rrr/task@1") return `task field "spec" must be "rrr/task@1", got ${show(value.spec)}`;
  if (typeof value.name !== "string" || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(value.name)) {
    return `task field "name" must be kebab-case, got ${show(value.name)}`;
  }
  for (const field of ["items", "prompt", "verify", "reflect"]) {
    if (typeof value[field] !== "function") return wrong(value, field, "a function");
  }
  for (const field of [
    "gold",
    "leaks",
    "longestAnswer",
    "note",
    "notes",
    "score",
    "showItem",
    "showAnswer",
  ]) {
    if (value[field] !== undefined && typeof value[field] !== "function") {
      return wrong(value, field, "a function or absent");
    }
  }
  for (const field of ["feedback", "testOnly"]) {
    if (value[field] !== undefined && typeof value[field] !== "boolean") {
      return wrong(value, field, "true, false or absent");
    }
  }
  if (value.retryLayout !== undefined && !RETRY_LAYOUTS.some((layout) => layout === value.retryLayout)) {
    return wrong(
      value,
      "retryLayout",
      `${RETRY_LAYOUTS.map((layout) => `"${layout}"`).join(", ")} or absent`,
    );
  }
  const standard = isObject(value.schema) || typeof value.schema === "function" ? value.schema : undefined;
  const props = (standard as Fields | undefined)?.["~standard"];
  if (!isObject(props) || props.version !== 1 || typeof props.validate !== "function") {
    return wrong(value, "schema", "a Standard Schema (version 1; zod, valibot and arktype make them)");
  }
  const limits = isObject(value.limits) ? value.limits : {};
  for (const field of ["attempt", "reflection", "retry"]) {
    const limit = limits[field];
    if (field === "retry" && limit === undefined) continue;
    if (!Number.isSafeInteger(limit) || (limit as number) < 1) {
      return `task "${value.name}": field "limits.${field}" must be a whole number ≥ 1, got ${show(limit)}`;
    }
  }
  if (limits.for !== undefined && limits.for !== "builtin" && limits.for !== "unknown") {
    return `task "${value.name}": field "limits.for" must be "builtin", "unknown" or absent, got ${show(limits.for)}`;
  }
  return undefined;
}

function wrong(task: Fields, field: string, expected: string): string {
  return `task "${String(task.name)}": field "${field}" must be ${expected}, got ${show(task[field])}`;
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}
