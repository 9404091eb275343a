import type { Completion, TokenUsage } from "@rrr/core";

/** What a completion took; undefined for a model that does not say. */
export function usageOf({ tokens, usage }: Completion): TokenUsage | undefined {
  return tokens === undefined ? usage : { prompt: tokens.prompt.length, completion: tokens.ids.length };
}
