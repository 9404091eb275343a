import type { Clock } from "../time-limit.ts";
import { type FairClock, TICK_MS } from "./fair-clock.ts";

export interface Deadlines extends Clock {
  /** Calls back what is due; to be called at every tick. */
  check(): void;
}

/** Time limits by a fair clock, all with its one timer. */
export function createDeadlines(clock: FairClock): Deadlines {
  const pending = new Set<{ readonly at: number; readonly onTime: () => void }>();
  return {
    now: clock.now,
    after(ms, onTime) {
      // The clock may be a tick behind, and nothing is due too early.
      const deadline = { at: clock.now() + ms + TICK_MS, onTime };
      pending.add(deadline);
      return () => void pending.delete(deadline);
    },
    check() {
      for (const { at, onTime } of pending) if (clock.now() >= at) onTime();
    },
  };
}
