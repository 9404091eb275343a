import type { Outcome } from "./outcome.ts";
import { Stopwatch } from "./stopwatch.ts";

/** What it took to get the answers, beside asking for each. */
export interface Traffic {
  /** Requests that were sent again. */
  readonly retries: number;
  /** Time in which requests waited because the server said that it was asked too often. */
  readonly limitedMs: number;
  /** The same where it said, or showed by not answering in time, that it was busy. */
  readonly busyMs: number;
  /** Why a request was sent again last. */
  readonly problem?: string;
  /** Until the next request is sent, where all there are wait to be sent again. */
  readonly nextTryMs?: number;
}

/** Counts what waits, and how long anything did. */
export class TrafficCount {
  #retries = 0;
  #problem: string | undefined;
  #sent = 0;
  readonly #limited = new Stopwatch();
  readonly #busy = new Stopwatch();
  /** When each of those that wait is sent again. */
  readonly #waiting = new Set<{ readonly until: number }>();

  /** @returns to be called when what was sent has come to something */
  send(): () => void {
    this.#sent++;
    return () => {
      this.#sent--;
    };
  }

  /** @returns to be called when the wait is over */
  wait(outcome: Exclude<Outcome, { kind: "answer" }>, ms: number): () => void {
    this.#retries++;
    this.#problem = outcome.problem;
    const one = { until: performance.now() + ms };
    this.#waiting.add(one);
    const watch = outcome.kind !== "overloaded" ? undefined : outcome.isLimit ? this.#limited : this.#busy;
    watch?.start();
    return () => {
      this.#waiting.delete(one);
      watch?.stop();
    };
  }

  get now(): Traffic {
    const next = Math.min(...[...this.#waiting].map(({ until }) => until));
    return {
      ...{ retries: this.#retries, limitedMs: this.#limited.ms, busyMs: this.#busy.ms },
      ...(this.#problem === undefined ? {} : { problem: this.#problem }),
      ...(this.#sent > 0 || this.#waiting.size === 0
        ? {}
        : { nextTryMs: Math.max(0, next - performance.now()) }),
    };
  }
}
