/** One request that is waited for. */
export interface Waiting {
  /** Milliseconds until it is to be given up; 0 or less: now. */
  left(): number;
  /** Its answer is there. */
  answered(): void;
  /** Whether the server seems to be busy: nothing that was asked of it came quickly of late. */
  isBusy(): boolean;
}

/** How long the requests to one server are waited for. */
export interface Patience {
  begin(): Waiting;
}

/**
 * A request is given up `timeoutMs` after it was sent, or after an answer to another one that may have been before it:
 * one of the first `most` that came since, for no more can be in flight. So a server that answers one at a time is not
 * given up for the length of its queue, and asked for everything again, which such a server answers all the same.
 */
export function createPatience(timeoutMs: number, most: number): Patience {
  /** When the last answers came; the n-th of all is at n modulo the length. */
  const times: number[] = [];
  const kept = 2 * most;
  let answers = 0;
  let lastQuick = Number.NEGATIVE_INFINITY;

  return {
    begin() {
      const sent = performance.now();
      const before = answers;
      const beganAt = (): number => {
        const since = answers - before;
        // So many since, and not this one: it is stuck.
        if (since === 0 || since > kept) return sent;
        return times[(before + Math.min(since, most) - 1) % kept] ?? sent;
      };
      return {
        left: () => beganAt() + timeoutMs - performance.now(),
        isBusy: () => performance.now() - lastQuick > timeoutMs,
        answered() {
          const now = performance.now();
          times[answers++ % kept] = now;
          if (now - sent <= timeoutMs / 2) lastQuick = now;
        },
      };
    },
  };
}
