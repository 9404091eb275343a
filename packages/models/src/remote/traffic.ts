/** What it took to get the answers, beside asking for each. */
export interface Traffic {
  /** Requests that were sent again. */
  readonly retries: number;
  /** Time in which requests waited because the server said, or showed, that it was asked for too much. */
  readonly limitedMs: number;
  /** Why a request was sent again last. */
  readonly problem?: string;
}

/** Counts what waits, and how long anything did. */
export class TrafficCount {
  #retries = 0;
  #problem: string | undefined;
  #waiting = 0;
  #since = 0;
  #limitedMs = 0;

  /** @returns to be called when the wait is over */
  wait(problem: string, isLimited: boolean): () => void {
    this.#retries++;
    this.#problem = problem;
    if (!isLimited) return () => {};
    if (this.#waiting++ === 0) this.#since = performance.now();
    return () => {
      if (--this.#waiting === 0) this.#limitedMs += performance.now() - this.#since;
    };
  }

  get now(): Traffic {
    const running = this.#waiting === 0 ? 0 : performance.now() - this.#since;
    return {
      retries: this.#retries,
      limitedMs: this.#limitedMs + running,
      ...(this.#problem === undefined ? {} : { problem: this.#problem }),
    };
  }
}
