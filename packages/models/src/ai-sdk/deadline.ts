import type { StopSignal } from "../remote/stop.ts";

/** Rejects, whether or not the work heeds its signal, when the given one says so or when the time is up. */
export async function withDeadline<T>(
  signal: StopSignal,
  timeoutMs: number,
  work: (signal: AbortSignal) => PromiseLike<T>,
): Promise<T> {
  const stop = new AbortController();
  const onAbort = (): void => stop.abort();
  signal.addEventListener("abort", onAbort);
  const timer = setTimeout(() => stop.abort(new DeadlineError(timeoutMs)), timeoutMs);
  try {
    if (signal.aborted) onAbort();
    stop.signal.throwIfAborted();
    return await new Promise<T>((resolve, reject) => {
      stop.signal.addEventListener("abort", () => reject(stop.signal.reason));
      work(stop.signal).then(resolve, reject);
    });
  } catch (error) {
    // Work that heeds its signal may reject with an error of its own making.
    throw stop.signal.aborted ? stop.signal.reason : error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}

export class DeadlineError extends Error {
  constructor(timeoutMs: number) {
    super(`no answer within ${timeoutMs} ms`);
  }
}
