import { setMaxListeners } from "node:events";
import { RrrError } from "@rrr/core";

/**
 * Runs `work` on every item, `window` at a time, and yields the results in the order of the items: what comes
 * out does not depend on what finishes first. Items are drawn only as they are needed. When the consumer stops,
 * or one piece of work throws, the rest is aborted.
 */
export async function* inOrder<In, Out>(
  items: Iterable<In> | AsyncIterable<In>,
  window: number,
  signal: AbortSignal | undefined,
  work: (item: In, index: number, signal: AbortSignal) => Promise<Out>,
): AsyncGenerator<Out, void, undefined> {
  const stop = new AbortController();
  const stopSignal = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  // Every request under way listens to it; Node takes more than ten for a leak.
  setMaxListeners(0, stopSignal);
  const underWay: Promise<Out>[] = [];
  try {
    let index = 0;
    for await (const item of items) {
      if (signal?.aborted) throw new RrrError("aborted", "the caller aborted", { cause: signal.reason });
      const result = work(item, index++, stopSignal);
      // Its rejection is seen when its turn comes; until then it is not unhandled.
      result.catch(() => {});
      underWay.push(result);
      if (underWay.length >= window) yield await (underWay.shift() as Promise<Out>);
    }
    while (underWay.length > 0) yield await (underWay.shift() as Promise<Out>);
  } finally {
    stop.abort(new RrrError("aborted", "the result is no longer needed"));
    await Promise.allSettled(underWay);
  }
}
