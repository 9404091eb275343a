/** How often it ticks, and what a limit may be overstepped by on an idle machine. */
export const TICK_MS = 20;
/** The most that counts of the time between two ticks. */
const MOST_PER_TICK_MS = 2 * TICK_MS;

export interface FairClock {
  /** ms that counted, up to the last tick: up to one tick too little. */
  now(): number;
  isRunning(): boolean;
  start(): void;
  stop(): void;
}

/**
 * A clock that stands still while its thread cannot run: because something blocks it, because the machine is busy or
 * was asleep. By the wall, all that is awaited would be late at once when the thread gets on, before the answers that
 * came meanwhile are read.
 */
export function createFairClock(onTick: () => void): FairClock {
  let timer: NodeJS.Timeout | undefined;
  let counted = 0;
  let last = 0;

  function tick(): void {
    const now = performance.now();
    counted += Math.min(now - last, MOST_PER_TICK_MS);
    last = now;
    onTick();
  }

  return {
    now: () => counted,
    isRunning: () => timer !== undefined,
    start() {
      if (timer !== undefined) return;
      last = performance.now();
      // What is waited for keeps the program alive; its clock need not.
      timer = setInterval(tick, TICK_MS).unref();
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
    },
  };
}
