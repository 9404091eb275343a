import type { Completion } from "@rrr/core";

/** Answers that are looked back on. */
const KEPT = 256;

/** So many answers must share the least count, and come to so many tokens more or less. */
const [LEAST_ANSWERS, LEAST_SPREAD] = [6, 3];

/** Words, digits and signs; a tokenizer of today makes about as many tokens of a text. */
const PIECE = /\p{L}{1,8}|[^\s\p{L}]/gu;

/**
 * Finds servers that report no count below some least one, such as 16: every answer that must be shorter has exactly
 * that count, however long it is. Marks the completions from then on.
 */
export function createLeastCountCheck(): (completion: Completion) => Completion {
  const seen = new Map<string, { readonly pieces: number; readonly count: number }>();
  let least = Number.POSITIVE_INFINITY;

  function isLeastForAll(): boolean {
    const shorter = [...seen.values()].filter(({ pieces }) => pieces <= least - 2);
    const pieces = shorter.map((each) => each.pieces);
    return (
      shorter.length >= LEAST_ANSWERS &&
      shorter.every(({ count }) => count === least) &&
      Math.max(...pieces) - Math.min(...pieces) >= LEAST_SPREAD
    );
  }

  return (completion) => {
    const { text, reasoning = "", usage } = completion;
    const written = reasoning + text;
    if (usage === undefined || usage.contradicts !== undefined || written === "") return completion;
    least = Math.min(least, usage.completion);
    seen.set(written, { pieces: written.match(PIECE)?.length ?? 0, count: usage.completion });
    const [oldest] = seen.keys();
    if (seen.size > KEPT && oldest !== undefined) seen.delete(oldest);
    if (usage.completion !== least || !isLeastForAll()) return completion;
    return { ...completion, usage: { ...usage, contradicts: `completion_tokens is never below ${least}` } };
  };
}
