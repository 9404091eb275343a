import { RrrError } from "./errors.ts";
import type { MaybePromise, VerifyContext } from "./task.ts";

/** How long a verifier may take where nothing else is said. */
export const DEFAULT_VERIFY_TIMEOUT_MS = 5_000;

export interface VerifySettings {
  /** Default: `DEFAULT_VERIFY_TIMEOUT_MS`. */
  readonly timeoutMs?: number;
  /** Aborting it stops the wait, and aborts the signal that the plugin was given. */
  readonly signal?: AbortSignal;
}

/** What a limit is measured by. */
export interface Clock {
  /** ms */
  now(): number;
  /** Calls back when so many ms are over, unless what it returns is called before. */
  after(ms: number, onTime: () => void): () => void;
}

const wallClock: Clock = {
  now: () => performance.now(),
  after(ms, onTime) {
    const timer = setTimeout(onTime, ms);
    return () => clearTimeout(timer);
  },
};

/** `stopped`: out of time (`verifier-timeout`), or the caller aborted (`aborted`). */
export type Called<T> =
  | { readonly kind: "returned"; readonly value: T }
  | { readonly kind: "stopped"; readonly error: RrrError };

/**
 * Calls a plugin and waits no longer than the limit, nor after an abort. What blocks the thread is found out only
 * when it returns. Answers at once where the plugin does. Throws, or rejects with, what the plugin throws, and
 * nothing else.
 * @param what names the call in messages
 */
export function callWithin<T>(
  what: string,
  settings: VerifySettings,
  call: (context: VerifyContext) => MaybePromise<T>,
  clock: Clock = wallClock,
): MaybePromise<Called<T>> {
  const { timeoutMs = DEFAULT_VERIFY_TIMEOUT_MS, signal } = settings;
  const context = new LazyContext();
  const late = () => new RrrError("verifier-timeout", `${what} took longer than ${timeoutMs} ms`);
  const aborted = () => new RrrError("aborted", `${what} was aborted`, { cause: signal?.reason });
  if (signal?.aborted) return { kind: "stopped", error: aborted() };
  const start = clock.now();
  const elapsed = (): number => clock.now() - start;
  const returned = (value: T): Called<T> => {
    if (elapsed() <= timeoutMs) return { kind: "returned", value };
    const error = late();
    context.abort(error);
    return { kind: "stopped", error };
  };
  const result = call(context);
  if (!isThenable(result)) return returned(result);
  return new Promise<Called<T>>((resolve, reject) => {
    const stop = (error: RrrError): void => {
      settle(() => resolve({ kind: "stopped", error }));
      context.abort(error);
    };
    const onAbort = (): void => stop(aborted());
    const cancel = clock.after(Math.max(0, timeoutMs - elapsed()), () => stop(late()));
    signal?.addEventListener("abort", onAbort);
    const settle = (outcome: () => void): void => {
      cancel();
      signal?.removeEventListener("abort", onAbort);
      outcome();
    };
    result.then(
      (value) => settle(() => resolve(returned(value))),
      (reason) => settle(() => reject(reason)),
    );
  });
}

/** Makes the signal when it is asked for: that takes longer than most verdicts, and most never look at it. */
class LazyContext implements VerifyContext {
  #controller: AbortController | undefined;
  #reason: RrrError | undefined;

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    return this.#controller.signal;
  }

  abort(reason: RrrError): void {
    this.#reason = reason;
    this.#controller?.abort(reason);
  }
}

export function isThenable<T>(value: MaybePromise<T>): value is Promise<T> {
  return (
    typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function"
  );
}
