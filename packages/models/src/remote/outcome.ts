import type { Completion, RrrErrorCode, TokenUsage } from "@rrr/core";

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
  readonly rejected?: Rejected;
  /** What may be wrong where it never was otherwise. */
  readonly hint?: string;
}

/** As `broken`, and a reason to ask for less at once. */
export interface Overloaded {
  readonly kind: "overloaded";
  readonly problem: string;
  /** The server said that it was asked too often; otherwise it only seems to be busy. */
  readonly isLimit: boolean;
  readonly retryAfterMs?: number;
}

/** The same request would be refused again: final. */
export interface Refused {
  readonly kind: "refused";
  readonly code: RrrErrorCode;
  readonly problem: string;
  readonly hint?: string;
  readonly rejected?: Rejected;
  /**
   * What is to blame, where it is not this one request. `account`: whatever is asked will be refused from now on.
   * `server`: the same, unless something was answered before.
   */
  readonly scope?: "account" | "server";
}

/** Something came as an answer and is none: it was sampled, and will be paid for. */
export interface Rejected {
  /** What it took; undefined where it does not say. */
  readonly usage: TokenUsage | undefined;
  /** It was well formed, so that it is what the server made of the request, and will be again. */
  readonly readable: boolean;
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
