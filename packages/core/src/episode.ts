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

/** A rollout that an error ended, the turn in which it came, and what had been checked before: that stays true. */
export interface Errored<Item = unknown> {
  readonly kind: "errored";
  readonly item: Item;
  readonly error: RrrError;
  readonly turn: "attempt" | "reflection" | "retry";
  /** The failed attempt, where the error came after it. */
  readonly attempt?: Attempt;
  /** Rounds before the error: their retries failed. */
  readonly earlier?: readonly Reflection[];
  /** The reflection whose retry errored. */
  readonly reflection?: Omit<Reflection, "retry">;
}

/**
 * A bad rollout is data, not a crash. One that `errored` has no gradient; an attempt that failed before the error counts as
 * a failed first try, and what the error left open widens the bounds of the other shares.
 */
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
