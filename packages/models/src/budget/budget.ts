import { setMaxListeners } from "node:events";
import { RrrError } from "@rrr/core";
import { type Amount, minus, NOTHING, plus, times } from "./amount.ts";
import { amountText, type BudgetLimits, checkLimits, exceeded } from "./limits.ts";
import { createTimeLimit, type TimeLimit } from "./time-limit.ts";

/** What was spent so far. */
export interface Spent extends Amount {
  /** Requests that are done. */
  readonly requests: number;
  /** Those of them whose model did not say what they took: counted as the most that they may have taken. */
  readonly estimated: number;
  readonly seconds: number;
}

/** Room that is kept for a request, in parts: one for each of its answers. */
export interface Reservation {
  /** Books what a request took in place of what was reserved for it; undefined where the model does not say. */
  settle(took: Amount | undefined): void;
  /**
   * Books an answer that cannot be used, and keeps room for the one in its place, as soon as that fits.
   * @throws RrrError `budget-spent` as `reserve`; then nothing is kept for that answer
   */
  renew(took: Amount | undefined, signal?: AbortSignal): Promise<void>;
}

/** What may be spent, by all the models that share it. */
export interface Budget {
  readonly limits: BudgetLimits;
  readonly time: TimeLimit;
  spent(): Spent;
  /**
   * Keeps room for a request whose `answers` take `each` at most, as soon as that fits beside those under way.
   * @throws RrrError `budget-spent` once a request would not even fit alone, or the time is over
   */
  reserve(each: Amount, answers: number, signal?: AbortSignal): Promise<Reservation>;
}

interface Waiting {
  readonly most: Amount;
  admit(): void;
  refuse(reason: RrrError): void;
}

/** A budget that begins now. @throws RrrError `bad-argument` for a limit that is none */
export function createBudget(limits: BudgetLimits): Budget {
  checkLimits(limits);
  const startedMs = performance.now();
  const time = createTimeLimit(limits.timeMs);
  const waiting = new Set<Waiting>();
  let used = NOTHING;
  let reserved = NOTHING;
  let parts = 0;
  let underWay = 0;
  let requests = 0;
  let estimated = 0;
  let over: RrrError | undefined;

  /** In the order of coming, so that a large request is not overtaken for ever. */
  function admitWaiting(): void {
    for (const next of waiting) {
      const limit = exceeded(limits, plus(plus(used, reserved), next.most));
      over ??= reasonToEnd(limit, next.most);
      if (over === undefined && limit !== undefined) return;
      waiting.delete(next);
      if (over === undefined) next.admit();
      else next.refuse(over);
    }
  }

  /** From then on the budget is spent, for smaller requests too: a run ends at one point, not bit by bit. */
  function reasonToEnd(limit: string | undefined, most: Amount): RrrError | undefined {
    if (limit === undefined || underWay > 0) return undefined;
    const state = requests === 0 ? "is too small" : "is spent";
    const amounts = `${amountText(used)} used, the next request may take ${amountText(most)}`;
    return new RrrError("budget-spent", `the budget ${limit} ${state}: ${amounts}`);
  }

  function keep(each: Amount, answers: number): void {
    reserved = plus(reserved, times(each, answers));
    parts += answers;
  }

  function book(each: Amount, answers: number, took: Amount | undefined): void {
    parts -= answers;
    // Nothing kept is exactly nothing, whatever was rounded on the way there.
    reserved = parts === 0 ? NOTHING : minus(reserved, times(each, answers));
    used = plus(used, took ?? times(each, answers));
    requests++;
    if (took === undefined) estimated++;
  }

  function reservation(each: Amount, answers: number): Reservation {
    let kept = answers;
    let renewing = 0;
    return {
      settle(took) {
        underWay--;
        if (kept > 0) book(each, kept, took);
        admitWaiting();
      },
      async renew(took, signal) {
        kept--;
        book(each, 1, took);
        // A request that waits for room gives none back, so that nobody may wait for it.
        if (renewing++ === 0) underWay--;
        const resume = (): void => {
          if (--renewing === 0) underWay++;
        };
        await admission(each, 1, resume, signal);
        kept++;
      },
    };
  }

  /** Waits until so much fits, and keeps it. @param done called in the moment in which it is kept, or will not be */
  function admission(
    each: Amount,
    answers: number,
    done: (isKept: boolean) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        waiting.delete(request);
        done(false);
        reject(signal?.reason);
        admitWaiting();
      };
      const stay = (): void => signal?.removeEventListener("abort", leave);
      const request: Waiting = {
        most: times(each, answers),
        admit() {
          stay();
          keep(each, answers);
          done(true);
          resolve();
        },
        refuse(reason) {
          stay();
          done(false);
          reject(reason);
        },
      };
      // Thousands of requests listen to one signal; Node takes more than ten for a leak.
      if (signal !== undefined) setMaxListeners(0, signal);
      signal?.addEventListener("abort", leave, { once: true });
      waiting.add(request);
      admitWaiting();
    });
  }

  time.over?.addEventListener("abort", () => {
    over ??= time.over?.reason;
    admitWaiting();
  });

  return {
    ...{ limits, time },
    spent: () => ({ ...used, requests, estimated, seconds: (performance.now() - startedMs) / 1000 }),
    async reserve(each, answers, signal) {
      const begun = (isKept: boolean): void => {
        if (isKept) underWay++;
      };
      await admission(each, answers, begun, signal);
      return reservation(each, answers);
    },
  };
}
