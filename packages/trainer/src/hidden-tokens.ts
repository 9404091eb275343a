import type { Tokenizer } from "./engine.ts";

/**
 * How many of a completion's tokens, from the first on, hold something of what is hidden of its text. A token that holds
 * hidden and shown text both is among them: what is left was shown, all of it.
 */
export function hiddenTokens(
  tokenizer: Pick<Tokenizer, "decode">,
  ids: Int32Array,
  text: string,
  hidden: number,
): number {
  if (hidden === 0) return 0;
  if (hidden >= text.length) return ids.length;
  const start = text.slice(0, hidden);
  // The fewest tokens whose text begins with all that is hidden: more of them do so as well.
  let [tooFew, enough] = [0, ids.length];
  while (enough - tooFew > 1) {
    const middle = (tooFew + enough) >> 1;
    if (tokenizer.decode(ids.subarray(0, middle)).startsWith(start)) enough = middle;
    else tooFew = middle;
  }
  return enough;
}
