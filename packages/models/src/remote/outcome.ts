import type { Completion, RrrErrorCode } from "@rrr/core";

/** What one attempt came to. */
export type Outcome = Answer | Broken | Overloaded | Refused;

export interface Answer {
  readonly kind: "answer";
  readonly completion: Completion;
}

/** No answer, through no fault of the request: asked again. */
export interface Broken {
  readonly kind: "broken";
  readonly problem: string;
  /** What the server asks to wait. */
  readonly retryAfterMs?: number;
}

/** As `broken`, and a reason to ask for less at once. */
export interface Overloaded {
  readonly kind: "overloaded";
  readonly problem: string;
  readonly retryAfterMs?: number;
}

/** The same request would be refused again: final. */
export interface Refused {
  readonly kind: "refused";
  readonly code: RrrErrorCode;
  readonly problem: string;
  readonly hint?: string;
}

export function broken(problem: string): Broken {
  return { kind: "broken", problem };
}

export function refused(code: RrrErrorCode, problem: string, hint?: string): Refused {
  return { kind: "refused", code, problem, ...(hint === undefined ? {} : { hint }) };
}
