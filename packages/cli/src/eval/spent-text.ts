import { count } from "@rrr/runs";
import type { PreparedModel } from "../models/prepare-model.ts";

/** What an evaluation took: `1,234 tokens in 80 requests, 0.0123 US dollars; 40 answers came from the cache`. */
export function spentText({ budget, cache }: Pick<PreparedModel, "budget" | "cache">): string {
  const { promptTokens, completionTokens, costUsd, requests, estimated } = budget.spent();
  const tokens = `${count(promptTokens + completionTokens)} tokens in ${count(requests)} requests`;
  const parts = [
    estimated === 0 ? tokens : `at most ${tokens}`,
    ...(costUsd === undefined || costUsd === 0 ? [] : [`, ${costUsd.toFixed(4)} US dollars`]),
    ...(cache === undefined ? [] : [`; ${count(cache.served().completions)} answers came from the cache`]),
  ];
  return parts.join("");
}
