import { RrrError } from "@rrr/core";
import type { Amount } from "./amount.ts";

/** What may be spent. A limit that is left out does not limit. */
export interface BudgetLimits {
  /** Tokens of prompts and completions together. */
  readonly tokens?: number;
  /** US dollars. */
  readonly costUsd?: number;
  /** Counted from the making of the budget; no request begins later, or is sent again. */
  readonly timeMs?: number;
}

/** @throws RrrError `bad-argument` for a limit that is no positive number */
export function checkLimits(limits: BudgetLimits): void {
  for (const [name, value] of Object.entries(limits)) {
    if (value === undefined || value > 0) continue;
    throw new RrrError("bad-argument", `a budget's ${name} must be a number above 0, got ${value}`, {
      hint: "Leave out a limit that should not hold.",
    });
  }
}

/** Says which limit an amount exceeds, in words; undefined where it fits all. */
export function exceeded(limits: BudgetLimits, amount: Amount): string | undefined {
  const { tokens = Number.POSITIVE_INFINITY, costUsd = Number.POSITIVE_INFINITY } = limits;
  const all = amount.promptTokens + amount.completionTokens;
  if (all > tokens) return `of ${tokens} tokens`;
  if ((amount.costUsd ?? 0) > costUsd) return `of $${costUsd}`;
  return undefined;
}

/** `1234 tokens for $0.001234` */
export function amountText({ promptTokens, completionTokens, costUsd }: Amount): string {
  const tokens = `${promptTokens + completionTokens} tokens`;
  return costUsd === undefined || costUsd === 0 ? tokens : `${tokens} for $${Number(costUsd.toPrecision(4))}`;
}
