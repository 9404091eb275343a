import type { StopSignal } from "./stop.ts";

/** Leave to have one request in flight; to be given back once, with what the server made of it. */
export interface Slot {
  release(overloaded: boolean): void;
}

export interface Limiter {
  /** Waits for a slot, first come, first served; rejects with the signal's reason. */
  acquire(signal: StopSignal): Promise<Slot>;
}

/**
 * Bounds the requests in flight: additive increase, multiplicative decrease, as TCP does it. An overloaded server
 * halves the bound; a bound's worth of requests without that raises it by one, up to `most`.
 * @param atFirst the bound until one request is through
 * @see https://www.rfc-editor.org/rfc/rfc5681#section-3.1
 */
export function createLimiter(most: number, atFirst: number = most): Limiter {
  let bound = Math.min(most, atFirst);
  let isFirst = true;
  let inFlight = 0;
  let cuts = 0;
  // A set, since it keeps the order and lets any waiter leave.
  const waiting = new Set<() => void>();

  const hasRoom = (): boolean => inFlight < Math.floor(bound);

  function admit(): void {
    for (const start of waiting) {
      if (!hasRoom()) return;
      waiting.delete(start);
      start();
    }
  }

  function take(): Slot {
    inFlight++;
    const cutsBefore = cuts;
    return {
      release(overloaded) {
        inFlight--;
        if (!overloaded) {
          bound = isFirst && cuts === 0 ? most : Math.min(most, bound + 1 / bound);
          isFirst = false;
        }
        // All that were in flight together are one sign of overload, not many.
        else if (cuts === cutsBefore) {
          bound = Math.max(1, bound / 2);
          cuts++;
        }
        admit();
      },
    };
  }

  return {
    acquire(signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        if (waiting.size === 0 && hasRoom()) return resolve(take());
        const onAbort = (): void => {
          waiting.delete(start);
          reject(signal.reason);
        };
        const start = (): void => {
          signal.removeEventListener("abort", onAbort);
          resolve(take());
        };
        signal.addEventListener("abort", onAbort);
        waiting.add(start);
      });
    },
  };
}
