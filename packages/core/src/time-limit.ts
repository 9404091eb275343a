import { RrrError } from "./errors.ts";
import type { MaybePromise } from "./task.ts";

/** How long a verifier may take where nothing else is said. */
export const DEFAULT_VERIFY_TIMEOUT_MS = 5_000;

export interface VerifySettings {
  /** Default: `DEFAULT_VERIFY_TIMEOUT_MS`. */
  readonly timeoutMs?: number;
  /** Aborting it stops the wait, and aborts the signal that the plugin was given. */
  readonly signal?: AbortSignal;
}

/** `stopped`: out of time (`verifier-timeout`), or the caller aborted (`aborted`). */
export type Called<T> =
  | { readonly kind: "returned"; readonly value: T }
  | { readonly kind: "stopped"; readonly error: RrrError };

/**
 * Calls a plugin and waits no longer than the limit, nor after an abort. What blocks the thread is found out only
 * when it returns. Rejects with what the plugin throws, and with nothing else.
 * @param what names the call in messages
 */
export async function callWithin<T>(
  what: string,
  settings: VerifySettings,
  call: (signal: AbortSignal) => MaybePromise<T>,
): Promise<Called<T>> {
  const { timeoutMs = DEFAULT_VERIFY_TIMEOUT_MS, signal } = settings;
  const controller = new AbortController();
  const late = () => new RrrError("verifier-timeout", `${what} took longer than ${timeoutMs} ms`);
  const aborted = () => new RrrError("aborted", `${what} was aborted`, { cause: signal?.reason });
  if (signal?.aborted) return { kind: "stopped", error: aborted() };
  const start = performance.now();
  const elapsed = (): number => performance.now() - start;
  const result = call(controller.signal);
  const called: Called<T> = isThenable(result)
    ? await new Promise<Called<T>>((resolve, reject) => {
        const stop = (error: RrrError): void => {
          settle(() => resolve({ kind: "stopped", error }));
          controller.abort(error);
        };
        const onAbort = (): void => stop(aborted());
        const timer = setTimeout(() => stop(late()), Math.max(0, timeoutMs - elapsed()));
        signal?.addEventListener("abort", onAbort);
        const settle = (outcome: () => void): void => {
          clearTimeout(timer);
          signal?.removeEventListener("abort", onAbort);
          outcome();
        };
        result.then(
          (value) => settle(() => resolve({ kind: "returned", value })),
          (reason) => settle(() => reject(reason)),
        );
      })
    : { kind: "returned", value: result };
  if (called.kind === "stopped" || elapsed() <= timeoutMs) return called;
  const error = late();
  controller.abort(error);
  return { kind: "stopped", error };
}

function isThenable<T>(value: MaybePromise<T>): value is Promise<T> {
  return (
    typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function"
  );
}
