import { createFairClock } from "./fair-clock.ts";
import type { PlainError } from "./question.ts";
import type { VitalSigns } from "./vital-signs.ts";

/** A thread has this long to take up work: it may be garbage-collecting. */
const TAKE_UP_MS = 30_000;

export interface Watch {
  /** Watches until `stop`. */
  start(timeoutMs: number): void;
  stop(): void;
}

export interface WatchSettings {
  /** In messages: `the verifier of task "even"`. */
  readonly what: string;
  readonly memoryMb: number;
  /** Whether nothing else in this process grows: then what blocks while memory grows is the reason for certain. */
  readonly isAlone: boolean;
}

/** @param guilty the question that is the reason for certain; undefined where another may be */
export type OnTrouble = (error: PlainError, guilty: number | undefined) => void;

/**
 * Watches a thread from outside, by its signs of life: a verifier that blocks cannot watch itself. Memory is that of
 * the whole process, and its growth is put down to what blocks the thread meanwhile.
 * @param onTrouble is told once
 */
export function createWatch(
  { what, memoryMb, isAlone }: WatchSettings,
  signs: VitalSigns,
  onTrouble: OnTrouble,
): Watch {
  const clock = createFairClock(tick);
  let limitMs = 0;
  /** The beat before any of the work was begun. */
  let idleBeat = 0;
  let last = { beat: 0, at: 0, rss: 0 };

  function tick(): void {
    // Before the beat: if that has not changed, this was on the stack all the time.
    const guilty = signs.onStack();
    const now = { beat: signs.beat(), at: clock.now(), rss: process.memoryUsage.rss() };
    if (now.beat !== last.beat) {
      last = now;
      return;
    }
    const isIdle = now.beat === idleBeat;
    const patienceMs = isIdle ? Math.max(limitMs, TAKE_UP_MS) : limitMs;
    if (now.at - last.at > patienceMs) {
      const message = `${what} took longer than ${patienceMs} ms, and was ended`;
      onTrouble({ code: "verifier-timeout", message }, guilty);
    } else if (!isIdle && now.rss - last.rss > memoryMb * 2 ** 20) {
      const message = `${what} took more than ${memoryMb} MB of memory, and was ended`;
      onTrouble({ code: "verifier-failed", message }, isAlone ? guilty : undefined);
    }
  }

  return {
    start(timeoutMs) {
      limitMs = timeoutMs;
      if (clock.isRunning()) return;
      idleBeat = signs.beat();
      last = { beat: idleBeat, at: clock.now(), rss: 0 };
      clock.start();
    },
    stop: clock.stop,
  };
}
