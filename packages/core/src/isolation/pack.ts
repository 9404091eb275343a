import { messageOf } from "../errors.ts";
import type { Asked, Batch, Report } from "./host.ts";
import type { AnswerColumns, PlainVerdict, Question, QuestionColumns } from "./question.ts";

/** A batch as it is sent to a thread. */
export interface Parcel {
  readonly asked: Asked;
  readonly timeoutMs: number;
  readonly count: number;
  /** A string is their JSON. */
  readonly questions: string | QuestionColumns;
  /** All completions without a gap: cheaper to write and to read than a string each. */
  readonly text: string;
}

/** Deeper values are cloned instead: a cycle has no end. */
const MAX_DEPTH = 64;

/**
 * Packs a batch: as JSON where that loses nothing (the fastest way), else as it is, to be cloned. Questions that
 * cannot even be cloned are answered here.
 */
export function pack({ asked, timeoutMs, questions }: Batch, report: Report): Parcel {
  const isAllJson = questions.every(({ item }) => isJson(item, 0));
  const sound = isAllJson ? questions : withoutRefused(questions, report);
  const columns = toColumns(sound);
  return {
    asked,
    timeoutMs,
    count: sound.length,
    questions: isAllJson ? JSON.stringify(columns) : columns,
    text: sound.map(({ completion }) => completion).join(""),
  };
}

function toColumns(questions: readonly Question[]): QuestionColumns {
  return {
    ids: questions.map(({ id }) => id),
    items: questions.map(({ item }) => item),
    lengths: questions.map(({ completion }) => completion.length),
  };
}

function withoutRefused(questions: readonly Question[], report: Report): readonly Question[] {
  const ids: number[] = [];
  const verdicts: PlainVerdict[] = [];
  const sound = questions.filter(({ id, item }) => {
    try {
      structuredClone(item);
      return true;
    } catch (error) {
      const message = `an item cannot be sent to where the verifier runs: ${messageOf(error)}`;
      const hint = "Items must be data, without functions; or run the verifier without isolation.";
      ids.push(id);
      verdicts.push({ code: "bad-item", message, hint });
      return false;
    }
  });
  if (ids.length > 0) {
    const answers: AnswerColumns = { ids, verdicts };
    report({ kind: "answers", count: ids.length, answers, isFree: false });
  }
  return sound;
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
