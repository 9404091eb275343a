import { createRandom, deriveKey, type Random } from "@rrr/core";

export interface BackoffSettings {
  readonly backoffMs: number;
  readonly maxWaitMs: number;
}

/** How long to wait after the `attempt`-th failure, counted from 1. */
export type Backoff = (attempt: number, retryAfterMs: number | undefined) => number;

/**
 * Full jitter: uniform between nothing and a bound that doubles with each attempt. Where the server said how long, that
 * and a first step's jitter more, so that not all come back at the same moment. Never more than `maxWaitMs`.
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function createBackoff({ backoffMs, maxWaitMs }: BackoffSettings, random: Random = unlike()): Backoff {
  return (attempt, retryAfterMs) => {
    const most = Math.min(maxWaitMs, backoffMs * 2 ** (attempt - 1));
    if (retryAfterMs === undefined) return random.next() * most;
    return Math.min(maxWaitMs, retryAfterMs + random.next() * backoffMs);
  };
}

/** Waiting is no result: here two processes must differ. */
function unlike(): Random {
  return createRandom(deriveKey(process.pid, Math.floor(performance.timeOrigin)));
}
