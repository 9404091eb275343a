import { type Completion, type GenerateOptions, type Message, RrrError } from "@rrr/core";
import { createBackoff } from "./backoff.ts";
import { createLimiter } from "./limiter.ts";
import type { Outcome } from "./outcome.ts";
import type { RemoteSettings } from "./settings.ts";
import { type StopSignal, wait } from "./stop.ts";

/** One completion that is wanted. */
export interface Question extends Pick<GenerateOptions, "maxTokens" | "temperature" | "seed"> {
  readonly messages: readonly Message[];
}

/** Asks once; never rejects but by the signal. */
export type Attempt = (question: Question, signal: StopSignal) => Promise<Outcome>;

/** Asks until there is an answer; rejects with what is final, or by the signal. */
export type Ask = (question: Question, signal: StopSignal) => Promise<Completion>;

/** The attempts of all questions share one bound. @param name what errors call the model */
export function createAsk(name: string, settings: Required<RemoteSettings>, attempt: Attempt): Ask {
  const limiter = createLimiter(settings.concurrency);
  const backoff = createBackoff(settings);

  async function attemptInSlot(question: Question, signal: StopSignal): Promise<Outcome> {
    const slot = await limiter.acquire(signal);
    let overloaded = false;
    try {
      const outcome = await attempt(question, signal);
      overloaded = outcome.kind === "overloaded";
      return outcome;
    } finally {
      slot.release(overloaded);
    }
  }

  return async (question, signal) => {
    for (let tries = 1; ; tries++) {
      const outcome = await attemptInSlot(question, signal);
      if (outcome.kind === "answer") return outcome.completion;
      // Without a cause: it may hold what the server sent, and with it the key.
      if (outcome.kind === "refused") {
        const { code, problem, hint } = outcome;
        throw new RrrError(code, `${name}: ${problem}`, hint === undefined ? {} : { hint });
      }
      if (tries >= settings.maxAttempts) {
        throw new RrrError("model-failed", `${name}: ${outcome.problem}, after ${tries} attempts`, {
          hint: hintOf(outcome) ?? "Resume later, or allow more attempts or fewer requests at once.",
        });
      }
      await wait(backoff(tries, outcome.retryAfterMs), signal);
    }
  };
}

function hintOf(outcome: Outcome): string | undefined {
  return outcome.kind === "broken" ? outcome.hint : undefined;
}
