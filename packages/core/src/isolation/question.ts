/** What hosts are asked and what they answer, as it is sent: in columns, for there are many and the same names each. */
import { messageOf, RrrError, type RrrErrorCode } from "../errors.ts";
import { fail, invalid, pass, type Verdict } from "../verdict.ts";

export interface Question {
  /** Counts up from 0 within a pool. */
  readonly id: number;
  readonly item: unknown;
  /** A reflection, where the question is whether it leaks. */
  readonly completion: string;
}

export interface QuestionColumns {
  readonly ids: readonly number[];
  readonly items: readonly unknown[];
  /** Of each completion. */
  readonly lengths: readonly number[];
}

export interface AnswerColumns {
  readonly ids: readonly number[];
  readonly verdicts: readonly PlainVerdict[];
}

/** A verdict as it can be sent: 1 for a pass, the code of a fail, its code and detail, or an error. */
export type PlainVerdict = 1 | string | readonly [code: string, detail: string] | PlainError;

/** An RrrError as it can be sent. */
export interface PlainError {
  readonly code: RrrErrorCode;
  readonly message: string;
  readonly hint?: string;
}

export function toPlainVerdict(verdict: Verdict): PlainVerdict {
  if (verdict.kind === "pass") return 1;
  if (verdict.kind === "invalid") return toPlainError(verdict.error);
  return verdict.detail === undefined ? verdict.code : [verdict.code, verdict.detail];
}

export function fromPlainVerdict(plain: PlainVerdict): Verdict {
  if (plain === 1) return pass();
  if (typeof plain === "string") return fail(plain);
  return "message" in plain ? invalid(fromPlainError(plain)) : fail(plain[0], plain[1]);
}

export function toPlainError(error: unknown): PlainError {
  const message = messageOf(error);
  if (!RrrError.is(error)) return { code: "verifier-failed", message };
  return error.hint === undefined
    ? { code: error.code, message }
    : { code: error.code, message, hint: error.hint };
}

export function fromPlainError({ code, message, hint }: PlainError): RrrError {
  return new RrrError(code, message, hint === undefined ? {} : { hint });
}
