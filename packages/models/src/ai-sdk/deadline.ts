import type { Waiting } from "../remote/patience.ts";
import type { StopSignal } from "../remote/stop.ts";

/** Rejects, whether or not the work heeds its signal, when the given one says so or when it is to be given up. */
export async function withDeadline<T>(
  signal: StopSignal,
  timeoutMs: number,
  waiting: Waiting,
  work: (signal: AbortSignal) => PromiseLike<T>,
): Promise<T> {
  const stop = new AbortController();
  const onAbort = (): void => stop.abort();
  signal.addEventListener("abort", onAbort);
  const expire = (): void => {
    const left = waiting.left();
    if (left > 0) timer = setTimeout(expire, left);
    else stop.abort(new DeadlineError(timeoutMs, waiting.isBusy()));
  };
  let timer = setTimeout(expire, timeoutMs);
  try {
    if (signal.aborted) onAbort();
    stop.signal.throwIfAborted();
    return await new Promise<T>((resolve, reject) => {
      stop.signal.addEventListener("abort", () => reject(stop.signal.reason));
      work(stop.signal).then((result) => {
        waiting.answered();
        resolve(result);
      }, reject);
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
  /** The server seems to be busy. */
  readonly isBusy: boolean;

  constructor(timeoutMs: number, isBusy: boolean) {
    super(`no answer within ${timeoutMs} ms`);
    this.isBusy = isBusy;
  }
}
