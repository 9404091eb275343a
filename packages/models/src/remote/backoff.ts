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

/**
 * What a Retry-After header asks to wait: seconds, or a date in HTTP's form. Undefined where there is none or it says
 * neither; a date in the past is 0.
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function parseRetryAfter(
  value: string | readonly string[] | undefined,
  now: number,
): number | undefined {
  const text = (typeof value === "string" ? value : value?.[0])?.trim();
  if (text === undefined) return undefined;
  // Some servers send fractions, which the standard does not know.
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const date = /^[A-Za-z]/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
