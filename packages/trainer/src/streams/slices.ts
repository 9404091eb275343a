import { setImmediate as nextTurn } from "node:timers/promises";

/**
 * For work that would hold the event loop for long if all of it began at once: between slices of so many milliseconds,
 * signals and timers are heard.
 * @returns asked before a piece of the work; resolves when it may begin. Pieces begin in the order in which they were
 *   asked for, and those of one slice in one turn of the loop
 */
export function createSlices(ms: number): () => Promise<void> {
  let since = Number.NEGATIVE_INFINITY;
  return async () => {
    while (performance.now() - since >= ms) {
      const used = since;
      await nextTurn();
      // The first in a turn begins its slice.
      if (since === used) since = performance.now();
    }
  };
}
