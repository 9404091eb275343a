import { setMaxListeners } from "node:events";
import { RrrError } from "@rrr/core";
import { type Amount, minus, NOTHING, plus } from "./amount.ts";
import { amountText, type BudgetLimits, checkLimits, exceeded } from "./limits.ts";

/** What was spent so far. */
export interface Spent extends Amount {
  /** Requests that are done. */
  readonly requests: number;
  /** Those of them whose model did not say what they took: counted as the most that they may have taken. */
  readonly estimated: number;
  readonly seconds: number;
}

/** Books what a request took in place of what was reserved for it; undefined where the model does not say. */
export type Settle = (took: Amount | undefined) => void;

/** What may be spent, by all the models that share it. */
export interface Budget {
  readonly limits: BudgetLimits;
  spent(): Spent;
  /**
   * Keeps room for a request that takes `most`, as soon as that fits beside those under way.
   * @throws RrrError `budget-spent` once a request would not even fit alone, or the time is over
   */
  reserve(most: Amount, signal?: AbortSignal): Promise<Settle>;
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
  const waiting = new Set<Waiting>();
  let used = NOTHING;
  let reserved = NOTHING;
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
    const { timeMs = Number.POSITIVE_INFINITY } = limits;
    if (performance.now() - startedMs >= timeMs) {
      return new RrrError("budget-spent", `the time of ${timeMs / 1000} s is over`);
    }
    if (limit === undefined || underWay > 0) return undefined;
    const state = requests === 0 ? "is too small" : "is spent";
    const amounts = `${amountText(used)} used, the next request may take ${amountText(most)}`;
    return new RrrError("budget-spent", `the budget ${limit} ${state}: ${amounts}`);
  }

  function begin(most: Amount): Settle {
    reserved = plus(reserved, most);
    underWay++;
    return (took) => {
      underWay--;
      // Nothing under way is exactly nothing, whatever was rounded on the way there.
      reserved = underWay === 0 ? NOTHING : minus(reserved, most);
      used = plus(used, took ?? most);
      requests++;
      if (took === undefined) estimated++;
      admitWaiting();
    };
  }

  return {
    limits,
    spent: () => ({ ...used, requests, estimated, seconds: (performance.now() - startedMs) / 1000 }),
    reserve: (most, signal) =>
      new Promise((resolve, reject) => {
        const leave = (): void => {
          waiting.delete(request);
          reject(signal?.reason);
          admitWaiting();
        };
        const stay = (): void => signal?.removeEventListener("abort", leave);
        const request: Waiting = {
          most,
          admit() {
            stay();
            resolve(begin(most));
          },
          refuse(reason) {
            stay();
            reject(reason);
          },
        };
        // Thousands of requests listen to one signal; Node takes more than ten for a leak.
        if (signal !== undefined) setMaxListeners(0, signal);
        signal?.addEventListener("abort", leave, { once: true });
        waiting.add(request);
        admitWaiting();
      }),
  };
}
