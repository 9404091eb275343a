/** What a host is asked and what it answers: in threads, in processes, and as lines of JSON for other languages. */
import { messageOf, RrrError, type RrrErrorCode } from "../errors.ts";
import { show } from "../show.ts";
import { fail, invalid, pass, type Verdict } from "../verdict.ts";

export interface Question {
  /** Counts up from 0 within a pool. */
  readonly id: number;
  readonly item: unknown;
  readonly completion: string;
  /** Whether `completion` is a reflection, and the question is whether it leaks: `pass` if it does. */
  readonly leaks?: true;
}

export type Answer =
  | { readonly id: number; readonly kind: "pass" }
  | { readonly id: number; readonly kind: "fail"; readonly code: string; readonly detail?: string }
  | ({ readonly id: number; readonly kind: "invalid" } & PlainError);

/** An RrrError as it can be sent. */
export interface PlainError {
  readonly code: RrrErrorCode;
  readonly message: string;
  readonly hint?: string;
}

export function toAnswer(id: number, verdict: Verdict): Answer {
  return verdict.kind === "invalid"
    ? { id, kind: "invalid", ...toPlainError(verdict.error) }
    : { id, ...verdict };
}

/** Reads an answer that another language may have given. What is no verdict is `invalid`. */
export function fromAnswer(what: string, answer: unknown): Verdict {
  const { kind, code, detail, message, hint } = answer as Readonly<Record<string, unknown>>;
  if (kind === "pass") return pass();
  if (kind === "fail" && typeof code === "string" && code !== "") {
    return typeof detail === "string" ? fail(code, detail) : fail(code);
  }
  if (kind === "invalid" && typeof message === "string") {
    const known = typeof code === "string" ? (code as RrrErrorCode) : "verifier-failed";
    return invalid(new RrrError(known, message, typeof hint === "string" ? { hint } : {}));
  }
  const hint_ = 'Kinds are "pass", "fail" with a "code", and "invalid" with a "message".';
  const text = `${what} gave an answer that is no verdict: ${show(answer)}`;
  return invalid(new RrrError("verifier-failed", text, { hint: hint_ }));
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
