import { setMaxListeners } from "node:events";
import { RrrError } from "@rrr/core";

/**
 * Runs `work` on every input, `window` at a time, and yields each result as soon as it is there, in whatever order.
 * Inputs are drawn only as they are needed. When the consumer stops, or one piece of work throws, the rest is
 * aborted; only after `budget-spent` is what is under way, and paid for, waited for and yielded.
 */
export async function* asCompleted<In, Out>(
  inputs: Iterable<In>,
  window: number,
  signal: AbortSignal | undefined,
  work: (input: In, signal: AbortSignal) => Promise<Out>,
): AsyncGenerator<Out, void, undefined> {
  const stop = new AbortController();
  const stopSignal = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  // Every request under way listens to it; Node takes more than ten for a leak.
  setMaxListeners(0, stopSignal);
  const done: Settled<Out>[] = [];
  let wake = (): void => {};
  let underWay = 0;
  let failure: { readonly error: unknown } | undefined;
  const settle = (result: Settled<Out>): void => {
    underWay--;
    if (result.kind === "error") failure ??= result;
    done.push(result);
    wake();
  };
  const settled = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
    });
  const queue = inputs[Symbol.iterator]();
  let isDrawn = false;
  try {
    for (;;) {
      // Results that wait to be taken count: work that takes no time would run ahead of who takes them, to its end.
      while (!isDrawn && failure === undefined && underWay + done.length < window) {
        if (signal?.aborted) throw new RrrError("aborted", "the caller aborted", { cause: signal.reason });
        const next = queue.next();
        if (next.done) isDrawn = true;
        else {
          underWay++;
          work(next.value, stopSignal).then(
            (value) => settle({ kind: "value", value }),
            (error) => settle({ kind: "error", error }),
          );
        }
      }
      const result = done.shift();
      if (result?.kind === "value") yield result.value;
      else if (result?.kind === "error") {
        if (!RrrError.is(result.error, "budget-spent")) throw result.error;
      } else if (underWay > 0) await settled();
      else {
        if (failure !== undefined) throw failure.error;
        return;
      }
    }
  } finally {
    stop.abort(new RrrError("aborted", "the result is no longer needed"));
    queue.return?.();
    while (underWay > 0) await settled();
  }
}

type Settled<Out> =
  | { readonly kind: "value"; readonly value: Out }
  | { readonly kind: "error"; readonly error: unknown };
