import type { RrrError } from "./errors.ts";
import type { Message } from "./message.ts";
import type { Completion } from "./model.ts";
import type { Verdict } from "./verdict.ts";

/** One answer to an item, checked. */
export interface Attempt {
  readonly prompt: readonly Message[];
  readonly completion: Completion;
  readonly verdict: Verdict;
}

/** One reflection on a failed attempt, and the retry that it led to. */
export interface Reflection {
  /** The conversation up to and including the request for a reflection. */
  readonly prompt: readonly Message[];
  readonly completion: Completion;
  readonly retry: Attempt;
}

/** One attempt at an item, without a reflection. A failed one is what a reflection starts from. */
export type AttemptOutcome<Item = unknown> =
  | { readonly kind: "solved"; readonly item: Item; readonly attempt: Attempt }
  | FailedAttempt<Item>
  | Errored<Item>;

export interface FailedAttempt<Item = unknown> {
  readonly kind: "failed";
  readonly item: Item;
  readonly attempt: Attempt;
}

/** A rollout that came to no verdict, and the turn in which the error came. */
export interface Errored<Item = unknown> {
  readonly kind: "errored";
  readonly item: Item;
  readonly error: RrrError;
  readonly turn: "attempt" | "reflection" | "retry";
}

/** A bad rollout is data, not a crash: `errored` is counted on its own and enters no rate and no gradient. */
export type Episode<Item = unknown> =
  | { readonly kind: "solved"; readonly item: Item; readonly attempt: Attempt }
  | {
      readonly kind: "reflected";
      readonly item: Item;
      readonly attempt: Attempt;
      readonly reflection: Reflection;
      /** Further rounds, where more than one was asked for: each starts from the failed retry before it. */
      readonly later?: readonly Reflection[];
    }
  | Errored<Item>;
