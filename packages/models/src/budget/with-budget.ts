import { type Completion, type Message, type Model, RrrError, type TokenUsage } from "@rrr/core";
import { usageOf } from "../usage-of.ts";
import { type Amount, plus } from "./amount.ts";
import type { Budget } from "./budget.ts";
import type { Price } from "./price.ts";

/** What chat templates and servers write around a turn, generously. */
const TOKENS_AROUND_TURN = 32;

/**
 * A model that spends from a budget. A request begins only when the most that it can take fits beside what is under
 * way; requests under way are finished and kept, unless that takes far longer than the budget's time.
 * @throws RrrError `budget-spent` from `generate`; `bad-argument` at once where the cost is
 * limited and the model has no price
 */
export function withBudget(model: Model, budget: Budget, price?: Price): Model {
  if (budget.limits.costUsd !== undefined && price === undefined) {
    throw new RrrError("bad-argument", `model "${model.id}" has no price, so its cost cannot be limited`, {
      hint: "Give its price in US dollars per million tokens; 0 for a model that costs nothing.",
    });
  }

  function toAmount(promptTokens: number, completionTokens: number): Amount {
    const dollars = price && (promptTokens * price.input + completionTokens * price.output) / 1_000_000;
    return { promptTokens, completionTokens, costUsd: dollars };
  }

  /** Undefined where the counts are a guess: then the most is booked. */
  function amountOf(usage: TokenUsage | undefined): Amount | undefined {
    if (usage === undefined || (usage.estimated && usage.contradicts !== undefined)) return undefined;
    return toAmount(usage.prompt, usage.completion);
  }

  /** Undefined where one of the completions says nothing, or nothing to rely on. */
  function taken(completions: readonly Completion[]): Amount | undefined {
    const amounts = completions.map((each) => amountOf(usageOf(each)));
    if (!amounts.every((amount) => amount !== undefined)) return undefined;
    return amounts.reduce(plus, toAmount(0, 0));
  }

  return {
    id: model.id,
    async generate(prompt, options) {
      const { n = 1, maxTokens, signal } = options;
      const { over: closing, end } = budget.time;
      signal?.throwIfAborted();
      const each = toAmount(mostPromptTokens(prompt), maxTokens);
      const reservation = await budget.reserve(each, n, signal);
      let lost = toAmount(0, 0);
      const onRejected = async (usage: TokenUsage | undefined, again: boolean): Promise<void> => {
        const took = amountOf(usage);
        if (again) await reservation.renew(took, signal);
        else lost = plus(lost, took ?? each);
        await options.onRejected?.(usage, again);
      };
      try {
        const completions = await model.generate(prompt, {
          ...{ ...options, onRejected },
          ...(closing === undefined ? {} : { closing }),
          ...(end === undefined
            ? {}
            : { signal: signal === undefined ? end : AbortSignal.any([signal, end]) }),
        });
        reservation.settle(taken(completions));
        return completions;
      } catch (error) {
        // Nobody says what else a request that failed took.
        reservation.settle(lost);
        throw end?.aborted && !signal?.aborted && RrrError.is(error, "aborted") ? end.reason : error;
      }
    },
  };
}

/** A token of a byte-level tokenizer is a byte or more. */
function mostPromptTokens(prompt: readonly Message[]): number {
  const bytes = (text: string): number => Buffer.byteLength(text);
  const turns = prompt.map(
    ({ content, tools }) => bytes(content) + bytes(tools ? JSON.stringify(tools) : ""),
  );
  return turns.reduce((sum, turn) => sum + turn + TOKENS_AROUND_TURN, TOKENS_AROUND_TURN);
}
