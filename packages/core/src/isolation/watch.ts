import type { PlainError } from "./question.ts";
import type { VitalSigns } from "./vital-signs.ts";

/** What a limit may be overstepped by, on an idle machine. */
const TICK_MS = 20;
/** A thread has this long to take up work: it may be garbage-collecting, or the machine busy. */
const TAKE_UP_MS = 30_000;

export interface Watch {
  /** Watches until `stop`. */
  start(timeoutMs: number): void;
  stop(): void;
}

/**
 * Watches a thread from outside, by its signs of life: a verifier that blocks cannot watch itself. Memory is that of
 * the whole process, and its growth is put down to a verdict that blocks meanwhile.
 * @param onTrouble is told once
 */
export function createWatch(
  what: string,
  signs: VitalSigns,
  memoryMb: number,
  onTrouble: (error: PlainError) => void,
): Watch {
  let timer: NodeJS.Timeout | undefined;
  let limitMs = 0;
  /** The beat before any of the work was begun. */
  let idleBeat = 0;
  let last = look();

  function look(): { readonly beat: number; readonly at: number; readonly rss: number } {
    return { beat: signs.beat(), at: performance.now(), rss: process.memoryUsage.rss() };
  }

  function tick(): void {
    const now = look();
    if (now.beat !== last.beat) {
      last = now;
      return;
    }
    const patienceMs = now.beat === idleBeat ? Math.max(limitMs, TAKE_UP_MS) : limitMs;
    if (now.at - last.at > patienceMs) {
      onTrouble({
        code: "verifier-timeout",
        message: `${what} took longer than ${patienceMs} ms, and was ended`,
      });
    } else if (now.rss - last.rss > memoryMb * 2 ** 20) {
      onTrouble({
        code: "verifier-failed",
        message: `${what} took more than ${memoryMb} MB of memory, and was ended`,
      });
    }
  }

  function stop(): void {
    clearInterval(timer);
    timer = undefined;
  }
  return {
    start(timeoutMs) {
      limitMs = timeoutMs;
      if (timer !== undefined) return;
      last = look();
      idleBeat = last.beat;
      timer = setInterval(tick, TICK_MS);
    },
    stop,
  };
}
