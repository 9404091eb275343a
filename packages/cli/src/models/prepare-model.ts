import { resolve } from "node:path";
import type { Model } from "@rrr/core";
import {
  type Budget,
  type BudgetLimits,
  createBudget,
  type ModelIdentity,
  openResponseCache,
  type Price,
  priceOf,
  type ResponseCache,
  readPrices,
  withBudget,
  withCache,
} from "@rrr/models";
import type { ModelFlags } from "../commands/model-options.ts";
import { namedSpec } from "./named-spec.ts";
import { openNamedModel } from "./open-named-model.ts";

/** A model with all that the flags say: within its budget, and with the cache around it. */
export interface PreparedModel {
  readonly model: Model;
  readonly identity: ModelIdentity;
  readonly budget: Budget;
  /** Undefined where nothing is kept. */
  readonly cache: ResponseCache | undefined;
  close(): Promise<void>;
}

/** What runs on this machine costs nothing. */
const FREE: Price = { input: 0, output: 0 };

/**
 * Opens a model to be asked, not trained.
 * @param warn is told if the cache fails while it is in use; the answers go on without it
 * @throws RrrError `bad-argument`, `bad-cache`, `bad-model`, `runtime-failed`
 */
export async function prepareModel(
  flags: ModelFlags,
  task: string,
  cwd: string,
  warn: (text: string) => void,
): Promise<PreparedModel> {
  const spec = namedSpec(flags.model, cwd);
  const price = spec.kind === "openai" ? await priceFrom(flags, spec.name, cwd) : FREE;
  const keepsAnswers = flags.cache ?? spec.kind === "openai";
  const onFailure = ({ message }: Error): void => warn(`${message}; answers are not kept from here on`);
  const cache = keepsAnswers ? await openResponseCache({ onFailure }) : undefined;
  const { model, identity, close } = await openNamedModel(flags, task, cwd);
  const budget = createBudget(limitsOf(flags));
  const limited = withBudget(model, budget, price);
  return {
    // The cache outside: what it answers costs nothing.
    model: cache === undefined ? limited : withCache(limited, cache, identity),
    identity,
    budget,
    cache,
    async close() {
      await close();
      cache?.close();
    },
  };
}

/** A price is needed only where the cost is limited. @throws RrrError `bad-argument` */
async function priceFrom(
  { prices: path, maxCost }: ModelFlags,
  name: string,
  cwd: string,
): Promise<Price | undefined> {
  const prices = path === undefined ? new Map() : await readPrices(resolve(cwd, path));
  return maxCost === undefined ? prices.get(name) : priceOf(prices, name);
}

function limitsOf({ maxTokensTotal, maxCost, maxTime }: ModelFlags): BudgetLimits {
  return {
    ...(maxTokensTotal === undefined ? {} : { tokens: maxTokensTotal }),
    ...(maxCost === undefined ? {} : { costUsd: maxCost }),
    ...(maxTime === undefined ? {} : { timeMs: maxTime }),
  };
}
