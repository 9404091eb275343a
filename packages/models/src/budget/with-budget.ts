import { type Completion, type GenerateOptions, type Message, type Model, RrrError } from "@rrr/core";
import { usageOf } from "../usage-of.ts";
import type { Amount } from "./amount.ts";
import type { Budget } from "./budget.ts";
import type { Price } from "./price.ts";

/** What chat templates and servers write around a turn, generously. */
const TOKENS_AROUND_TURN = 32;

/**
 * A model that spends from a budget. A request begins only when the most that it can take fits beside what is under
 * way; requests under way are finished and kept.
 * @throws RrrError `budget-spent` from `generate`, before anything is sent; `bad-argument` at once where the cost is
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

  /** Undefined where one of the completions says nothing. */
  function taken(completions: readonly Completion[]): Amount | undefined {
    let [prompt, completion] = [0, 0];
    for (const each of completions) {
      const usage = usageOf(each);
      if (usage === undefined) return undefined;
      prompt += usage.prompt;
      completion += usage.completion;
    }
    return toAmount(prompt, completion);
  }

  function mostOf(prompt: readonly Message[], { n = 1, maxTokens }: GenerateOptions): Amount {
    return toAmount(n * mostPromptTokens(prompt), n * maxTokens);
  }

  return {
    id: model.id,
    async generate(prompt, options) {
      options.signal?.throwIfAborted();
      const settle = await budget.reserve(mostOf(prompt, options), options.signal);
      try {
        const completions = await model.generate(prompt, options);
        settle(taken(completions));
        return completions;
      } catch (error) {
        // Nobody says what a request that failed took.
        settle(toAmount(0, 0));
        throw error;
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
