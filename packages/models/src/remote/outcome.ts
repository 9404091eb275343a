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
  /** What may be wrong where it never was otherwise. */
  readonly hint?: string;
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
  /**
   * What is to blame, where it is not this one request. `account`: whatever is asked will be refused from now on.
   * `server`: the same, unless something was answered before.
   */
  readonly scope?: "account" | "server";
}

export function broken(problem: string): Broken {
  return { kind: "broken", problem };
}

export function refused(
  code: RrrErrorCode,
  problem: string,
  hint?: string,
  scope?: Refused["scope"],
): Refused {
  return {
    ...{ kind: "refused", code, problem },
    ...(hint === undefined ? {} : { hint }),
    ...(scope === undefined ? {} : { scope }),
  };
}
