import { type Completion, type GenerateOptions, type Message, RrrError } from "@rrr/core";
import { createBackoff } from "./backoff.ts";
import { createLeastCountCheck } from "./least-count.ts";
import { createLimiter } from "./limiter.ts";
import type { Outcome, Refused } from "./outcome.ts";
import type { RemoteSettings } from "./settings.ts";
import { type StopSignal, wait } from "./stop.ts";
import { type Traffic, TrafficCount } from "./traffic.ts";

/** One completion that is wanted. */
export interface Question extends Pick<GenerateOptions, "maxTokens" | "temperature" | "seed" | "onRejected"> {
  readonly messages: readonly Message[];
}

/** Asks once; never rejects but by the signal. */
export type Attempt = (question: Question, signal: StopSignal) => Promise<Outcome>;

export interface Asking {
  /**
   * Asks until there is an answer; rejects with what is final, or by the signal.
   * @param hold ends what is not sent yet, and lets what is be finished
   */
  ask(question: Question, signal: StopSignal, hold: StopSignal): Promise<Completion>;
  traffic(): Traffic;
}

/** Until a first request is through: a server that still loads its model would work off all that were given up. */
const AT_FIRST = 4;

/** Times that the same problem comes in place of an answer until it is the server's answer. */
const MOST_REPEATS = 4;

/** The attempts of all questions share one bound. @param name what errors call the model */
export function createAsking(name: string, settings: Required<RemoteSettings>, attempt: Attempt): Asking {
  const limiter = createLimiter(settings.concurrency, AT_FIRST);
  const backoff = createBackoff(settings);
  const traffic = new TrafficCount();
  const checkCount = createLeastCountCheck();
  let isAnswering = false;

  async function attemptInSlot(question: Question, signal: StopSignal, hold: StopSignal): Promise<Outcome> {
    const slot = await limiter.acquire(hold);
    const sent = traffic.send();
    let overloaded = false;
    try {
      const outcome = await attempt(question, signal);
      overloaded = outcome.kind === "overloaded";
      isAnswering ||= outcome.kind === "answer";
      return outcome;
    } finally {
      sent();
      slot.release(overloaded);
    }
  }

  /** What is well formed, or came from a server that never answered, is no accident when it comes again and again. */
  function repeatsItself(outcome: Outcome, times: number): boolean {
    if (outcome.kind !== "broken" || outcome.rejected === undefined) return false;
    return times >= MOST_REPEATS && (outcome.rejected.readable || !isAnswering);
  }

  return {
    async ask(question, signal, hold) {
      let last = "";
      let times = 0;
      for (let tries = 1; ; tries++) {
        const outcome = await attemptInSlot(question, signal, hold);
        if (outcome.kind === "answer") return checkCount(outcome.completion);
        times = outcome.problem === last ? times + 1 : 1;
        last = outcome.problem;
        const isFinal =
          outcome.kind === "refused" || tries >= settings.maxAttempts || repeatsItself(outcome, times);
        if ("rejected" in outcome && outcome.rejected !== undefined) {
          await question.onRejected?.(outcome.rejected.usage, !isFinal);
        }
        if (outcome.kind === "refused") throw toError(name, outcome);
        if (isFinal) {
          throw new RrrError("model-failed", `${name}: ${outcome.problem}, after ${tries} attempts`, {
            hint: hintOf(outcome) ?? "Resume later, or allow more attempts or fewer requests at once.",
          });
        }
        const waitMs = backoff(tries, outcome.retryAfterMs);
        const resume = traffic.wait(outcome, waitMs);
        try {
          await wait(waitMs, hold);
        } finally {
          resume();
        }
      }
    },
    traffic: () => traffic.now,
  };
}

/** Without a cause: it may hold what the server sent, and with it the key. */
function toError(name: string, { code, problem, hint }: Refused): RrrError {
  return new RrrError(code, `${name}: ${problem}`, hint === undefined ? {} : { hint });
}

function hintOf(outcome: Outcome): string | undefined {
  return outcome.kind === "broken" ? outcome.hint : undefined;
}
