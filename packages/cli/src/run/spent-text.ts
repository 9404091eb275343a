import { count, type SpentEvent } from "@rrr/runs";

/** What an evaluation took: `1,234 tokens in 80 requests, 0.0123 US dollars; 40 answers came from the cache`. */
export function spentText(spent: Omit<SpentEvent, "kind">): string {
  const { promptTokens, completionTokens, costUsd, requests, estimated, cached } = spent;
  const tokens = `${count(promptTokens + completionTokens)} tokens in ${count(requests)} requests`;
  const parts = [
    estimated === 0 ? tokens : `at most ${tokens}`,
    ...(costUsd === undefined || costUsd === 0 ? [] : [`, ${costUsd.toFixed(4)} US dollars`]),
    ...(cached === undefined ? [] : [`; ${count(cached)} answers came from the cache`]),
  ];
  return parts.join("");
}
