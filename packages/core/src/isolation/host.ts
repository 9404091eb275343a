import type { AnswerColumns, PlainError, Question } from "./question.ts";

/** What of a task is called: `leaks` answers with a pass for true, what shows with a fail that has it as JSON. */
export type Asked = "verify" | "leaks" | "showItem" | "showAnswer";

/** Questions that are asked together. */
export interface Batch {
  readonly asked: Asked;
  /** What each of the verdicts may take. */
  readonly timeoutMs: number;
  readonly questions: readonly Question[];
}

/** One life of what runs a verifier: a thread, a process or a command. It is never revived. */
export interface Host {
  ask(batch: Batch): void;
  /** Whether it keeps the program alive: while somebody waits for its answers. */
  hold(isNeeded: boolean): void;
  /** Ends it by force, with no `ended` event. Resolves when it is gone. */
  end(): Promise<void>;
}

/** All of them can be sent between threads and processes as they are. */
export type HostEvent =
  | { readonly kind: "ready" }
  | {
      readonly kind: "answers";
      readonly count: number;
      /** A string is their JSON. */
      readonly answers: string | AnswerColumns;
      /** Whether it takes another batch. */
      readonly isFree: boolean;
    }
  | {
      readonly kind: "ended";
      readonly error: PlainError;
      /** The question that is the reason for certain. */
      readonly guilty?: number;
      /** It ended of itself before it was of any use: to start it again may be no use either. */
      readonly isFruitless: boolean;
    };

export type Report = (event: HostEvent) => void;

/** Starts one; the last event is `ended`, unless `end` was called. May throw. */
export type StartHost = (report: Report) => Host;
