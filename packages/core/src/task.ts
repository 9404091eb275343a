import type { Message } from "./message.ts";
import type { RetryLayout } from "./retry-layout.ts";
import type { Shown } from "./shown.ts";
import type { StandardSchema } from "./standard-schema.ts";
import type { VerifySettings } from "./time-limit.ts";
import type { Verdict } from "./verdict.ts";

export type MaybePromise<T> = T | Promise<T>;

export interface VerifyContext {
  /** Aborted when the verifier's time is up, or the caller aborts. */
  readonly signal: AbortSignal;
}

/** Decides whether `completion` solves `item`. Binary; throws only when it is broken itself. */
export interface Verifier<in Item> {
  (item: Item, completion: string, context: VerifyContext): MaybePromise<Verdict>;
  /**
   * For verifiers that run elsewhere and keep the time limit there, from when the verdict is begun: its caller's
   * clock would run while others are waited for. Never rejects.
   */
  readonly within?: (item: Item, completion: string, settings: VerifySettings) => Promise<Verdict>;
}

/** A failed attempt, as the reflection prompt may see it: a binary checker knows no more than this. */
export interface Failure<out Item> {
  readonly item: Item;
  /** The attempt's prompt. */
  readonly prompt: readonly Message[];
  readonly completion: string;
}

/** Writes the user turn that asks for a reflection on a failed attempt. */
export type ReflectionPrompt<in Item> = (failure: Failure<Item>) => string;

/** The most tokens of each turn. */
export interface TokenLimits {
  readonly attempt: number;
  readonly reflection: number;
  /** Default: as `attempt`. */
  readonly retry?: number;
}

/** A task's own token limits; a caller may override them. */
export interface TaskLimits extends TokenLimits {
  /**
   * What they are made for. `builtin`: the small model that comes with rrr; `unknown`: nothing, as the task says none.
   * A run gives other models what suits these. Left out: every model.
   */
  readonly for?: "builtin" | "unknown";
}

/** The plugin contract: what to ask, how to check, how to ask for a reflection. */
export interface Task<Item = unknown> {
  readonly spec: "rrr/task@1";
  /** kebab-case */
  readonly name: string;
  readonly schema: StandardSchema<unknown, Item>;
  /** The same (split, seed) gives the same items; `train` and `test` never share one. May be endless. */
  items(split: "train" | "test", seed: number): Iterable<Item> | AsyncIterable<Item>;
  prompt(item: Item): readonly Message[];
  readonly verify: Verifier<Item>;
  readonly reflect: ReflectionPrompt<Item>;
  /** Declares that `reflect` tells more than that the attempt failed: no longer the method of the paper. */
  readonly feedback?: boolean;
  /** Declares that all items are held out: there is nothing to train on, and `items("train")` may throw. */
  readonly testOnly?: boolean;
  readonly limits: TaskLimits;
  /** What its retries are shown where a run says nothing. Default `conversation`. */
  readonly retryLayout?: RetryLayout;
  /** The words around a reflection in the layout `note`; the problem follows. Default: in English. */
  note?(reflection: string): string;
  /** A text no shorter than any answer that passes: a run allows at least as many tokens, so that none is cut off. */
  longestAnswer?(item: Item): string;
  /**
   * A completion that must pass, undefined where none is known: the conformance suite checks it. The empty one says that
   * no answer is right for this item, so that whatever answers nothing may pass.
   */
  gold?(item: Item): string | undefined;
  /**
   * Whether a reflection states a complete right answer, in whatever notation: a measure of answers moved into
   * reflections. Without it, a reflection leaks where the verifier passes on it.
   */
  leaks?(item: Item, reflection: string): MaybePromise<boolean>;
  /** What a report must say of the items drawn so far: that some were left out, or how they were chosen. A line each. */
  notes?(): readonly string[];
  /** How an item is shown to a person: in the page of `rrr view` where its user named this plugin. */
  showItem?(item: Item): MaybePromise<Shown>;
  /** The same of an answer, right or wrong, as the verifier gets it. */
  showAnswer?(item: Item, completion: string): MaybePromise<Shown>;
  /** The score by the task's own definition, such as a leaderboard's; no lines where these items have none. */
  score?(results: readonly ScoredItem<Item>[]): readonly ScoreLine[];
}

/** An item, and the share of its samples that passed; what errored did not. */
export interface ScoredItem<out Item> {
  readonly item: Item;
  readonly passed: number;
}

/** A line of a score: a part of the problems, or what several parts come to. */
export interface ScoreLine {
  readonly label: string;
  /** 0 for what parts come to, more for the parts of it. */
  readonly depth: number;
  /** Problems that it is made from. */
  readonly problems: number;
  /** From 0 to 1; undefined where it cannot be told, as some of its parts have no problems here. */
  readonly share: number | undefined;
}
