import { duration } from "@rrr/runs";
import type { Progress } from "./progress.ts";

/** Below this share of the stage, an estimate says more about chance than about time. */
const MIN_SHARE = 0.02;

/** Estimates when the present stage ends, from its speed so far. */
export interface StageClock {
  /** @returns the estimate as text; empty until there is something to judge by. */
  eta(progress: Progress): string;
}

/** @param now seconds, rising */
export function createStageClock(now: () => number = () => performance.now() / 1000): StageClock {
  let stage: string | undefined;
  let startedAt = 0;
  let startedWith = 0;
  return {
    eta({ stage: current, done, total }) {
      if (current !== stage) {
        stage = current;
        startedAt = now();
        // What was done before the first report says nothing about speed.
        startedWith = done;
      }
      const seconds = now() - startedAt;
      const progressed = done - startedWith;
      if (progressed < total * MIN_SHARE || seconds < 1) return "";
      return `ETA ${duration((seconds / progressed) * (total - done))}`;
    },
  };
}
