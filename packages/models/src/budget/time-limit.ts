import { RrrError } from "@rrr/core";

/** The end of a budget's time; undefined signals where it has none. */
export interface TimeLimit {
  /** Aborted when nothing more may begin, with what is to be said then. */
  readonly over: AbortSignal | undefined;
  /** Aborted when what is still under way is given up, for the same reason. */
  readonly end: AbortSignal | undefined;
}

/** What is under way when the time is over is given as long again, at most so long: a server may never answer. */
const MOST_EXTRA_MS = 60_000;

/** Timers take no more: 25 days. */
const MOST_MS = 2 ** 31 - 1;

/** Begins now. */
export function createTimeLimit(timeMs: number | undefined): TimeLimit {
  if (timeMs === undefined || timeMs > MOST_MS - MOST_EXTRA_MS) return { over: undefined, end: undefined };
  const [over, end] = [new AbortController(), new AbortController()];
  const reason = new RrrError("budget-spent", `the time of ${timeMs / 1000} s is over`);
  setTimeout(() => over.abort(reason), timeMs).unref();
  setTimeout(() => end.abort(reason), timeMs + Math.min(timeMs, MOST_EXTRA_MS)).unref();
  return { over: over.signal, end: end.signal };
}
