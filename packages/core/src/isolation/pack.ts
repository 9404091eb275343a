import { messageOf } from "../errors.ts";
import type { Report } from "./host.ts";
import type { Question } from "./question.ts";

/** Deeper values are cloned instead: a cycle has no end. */
const MAX_DEPTH = 64;

/**
 * Questions as they are sent: as JSON where that loses nothing (the fastest way), else as they are, to be cloned.
 * Those that cannot even be cloned are answered here.
 */
export function pack(questions: string | readonly Question[], report: Report): string | readonly Question[] {
  if (typeof questions === "string") return questions;
  if (questions.every(({ item }) => isJson(item, 0))) return JSON.stringify(questions);
  return questions.filter(({ id, item }) => {
    try {
      structuredClone(item);
      return true;
    } catch (error) {
      const message = `an item cannot be sent to where the verifier runs: ${messageOf(error)}`;
      const hint = "Items must be data, without functions; or run the verifier without isolation.";
      const answer = { id, kind: "invalid", code: "bad-item", message, hint };
      report({ kind: "answers", count: 1, answers: [answer], isFree: true });
      return false;
    }
  });
}

/** Whether a value is the same after it was written and read as JSON. */
export function isJson(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case "string":
    case "boolean":
      return true;
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0);
    case "object":
      return value === null || (depth < MAX_DEPTH && isPlain(value, depth + 1));
    default:
      return false;
  }
}

function isPlain(value: object, depth: number): boolean {
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) if (!isJson(value[i], depth)) return false;
    return true;
  }
  const prototype = Object.getPrototypeOf(value);
  if ((prototype !== Object.prototype && prototype !== null) || "toJSON" in value) return false;
  for (const key in value) if (!isJson((value as Record<string, unknown>)[key], depth)) return false;
  return true;
}
