import { RrrError } from "../errors.ts";
import type { VerifySettings } from "../time-limit.ts";
import { invalid, type Verdict } from "../verdict.ts";
import type { Asked, StartHost } from "./host.ts";
import { Request } from "./request.ts";
import { createSeat } from "./seat.ts";

/** More at once is no faster. */
const MOST_PER_BATCH = 256;

export interface Pool {
  /** Never rejects. */
  ask(asked: Asked, item: unknown, completion: string, settings: VerifySettings): Promise<Verdict>;
  /** Starts the first host. @throws RrrError why it could not */
  start(): Promise<void>;
  /** Ends all hosts; what is still waited for is `aborted`. */
  close(): Promise<void>;
}

/**
 * Answers questions in hosts that may end at any time. What is asked in the same turn of the event loop, or while
 * every host is busy, is sent together.
 * @param what in messages: `the verifier of task "even"`
 */
export function createPool(what: string, hosts: number, startHost: StartHost): Pool {
  let queue: Request[] = [];
  let nextId = 0;
  let isScheduled = false;
  /** Why nothing can be asked any more. */
  let over: RrrError | undefined;

  function schedule(): void {
    if (isScheduled || queue.length === 0) return;
    isScheduled = true;
    setImmediate(dispatch);
  }

  function dispatch(): void {
    isScheduled = false;
    queue = queue.filter(({ isSettled }) => !isSettled);
    const share = Math.min(MOST_PER_BATCH, Math.ceil(queue.length / seats.length));
    for (const seat of seats) {
      const [first] = queue;
      if (first === undefined) return;
      if (seat.accepts(first)) seat.ask(queue.splice(0, first.isSuspect ? 1 : alike(first, share)));
    }
  }

  /** How many at the queue's head go together: a suspect goes alone, and a batch has one limit and one function. */
  function alike({ timeoutMs, asked }: Request, most: number): number {
    const end = queue.findIndex(
      (each, i) => i >= most || each.isSuspect || each.timeoutMs !== timeoutMs || each.asked !== asked,
    );
    return end === -1 ? queue.length : end;
  }

  function giveUp(error: RrrError, requests: readonly Request[] = []): void {
    over ??= error;
    for (const request of [...queue.splice(0), ...requests]) request.settle(invalid(error));
  }

  const seats = Array.from({ length: hosts }, () =>
    createSeat(what, startHost, {
      onChange: schedule,
      onHopeless: giveUp,
      onUnfinished: (requests) => void queue.unshift(...requests),
    }),
  );

  return {
    ask(asked, item, completion, settings) {
      const request = new Request(what, nextId++, asked, item, completion, settings);
      if (over === undefined) {
        queue.push(request);
        schedule();
      } else request.settle(invalid(over));
      return request.verdict;
    },
    start: async () => seats[0]?.start(),
    async close() {
      const closed = new RrrError("aborted", `${what} is closed`);
      giveUp(closed);
      for (const seat of seats) giveUp(closed, await seat.close());
    },
  };
}
