import { RrrError } from "@rrr/core";

/** How hard a model elsewhere is asked. */
export interface RemoteSettings {
  /** Most requests in flight; fewer while the server says that it is overloaded. Default 64. */
  readonly concurrency?: number;
  /** Times that one completion is asked for before its failure is final. Default 10. */
  readonly maxAttempts?: number;
  /** Deadline of one attempt, from sending to the last byte. Default 10 minutes. */
  readonly timeoutMs?: number;
  /** Longest wait before the second attempt; it doubles with each. Default 500. */
  readonly backoffMs?: number;
  /** Longest wait of all, whatever Retry-After says. Default 60 s. */
  readonly maxWaitMs?: number;
}

/** Timers take no more: 25 days. */
const MOST = 2 ** 31 - 1;

/** Settings with their defaults. @throws RrrError `bad-argument` */
export function resolveRemoteSettings(given: RemoteSettings): Required<RemoteSettings> {
  return {
    concurrency: checkCount("concurrency", given.concurrency ?? 64),
    maxAttempts: checkCount("maxAttempts", given.maxAttempts ?? 10),
    timeoutMs: checkCount("timeoutMs", given.timeoutMs ?? 600_000),
    backoffMs: checkCount("backoffMs", given.backoffMs ?? 500, 0),
    maxWaitMs: checkCount("maxWaitMs", given.maxWaitMs ?? 60_000, 0),
  };
}

export function checkCount(name: string, value: number, least = 1): number {
  if (Number.isSafeInteger(value) && value >= least && value <= MOST) return value;
  throw new RrrError(
    "bad-argument",
    `${name} is ${value}: it must be a whole number from ${least} to ${MOST}`,
  );
}
