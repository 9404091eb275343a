import { setMaxListeners } from "node:events";

interface UnderWay<T> {
  readonly answer: Promise<T>;
  readonly abort: AbortController;
  waiting: number;
}

/** Starts a request, or joins the same one that is under way. */
export type ShareRequest<T> = (
  key: string,
  signal: AbortSignal | undefined,
  start: (signal: AbortSignal) => Promise<T>,
) => Promise<T>;

/**
 * Asks once for all who want the same at the same time. Whoever is aborted leaves the others waiting; the request
 * itself is aborted when nobody is left.
 */
export function createRequestSharing<T>(): ShareRequest<T> {
  const requests = new Map<string, UnderWay<T>>();

  function begin(key: string, start: (signal: AbortSignal) => Promise<T>): UnderWay<T> {
    const abort = new AbortController();
    const answer = start(abort.signal);
    const request = { answer, abort, waiting: 0 };
    requests.set(key, request);
    const forget = (): void => {
      if (requests.get(key) === request) requests.delete(key);
    };
    answer.then(forget, forget);
    return request;
  }

  return (key, signal, start) =>
    new Promise((resolve, reject) => {
      const request = requests.get(key) ?? begin(key, start);
      request.waiting++;
      const leave = (): void => {
        reject(signal?.reason);
        if (--request.waiting > 0) return;
        requests.delete(key);
        request.abort.abort(signal?.reason);
      };
      // Thousands of requests listen to one signal; Node takes more than ten for a leak.
      if (signal !== undefined) setMaxListeners(0, signal);
      signal?.addEventListener("abort", leave, { once: true });
      const stay = (): void => signal?.removeEventListener("abort", leave);
      request.answer.then(resolve, reject).then(stay);
    });
}
