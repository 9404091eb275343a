/**
 * More characters than a token of ordinary text has, in any vocabulary. What tokens of more characters hold is a run of
 * the same (an indent, a rule), or one long word (an identifier such as translatesAutoresizingMaskIntoConstraints).
 */
const MOST_CHARACTERS = 16;

/** A run of up to four characters that repeat themselves, such as an indent, `----`, or `| --- | --- |`. */
const RUN = /(.{1,4}?)\1{2,}/gsu;

/** Too long to be counted whole: with the space before it, such a word may be one token. */
const LONG_WORD = /[\p{L}\p{M}_]{16,}/gu;

/**
 * A count that no tokenizer falls below for a text, which is about a third of what one makes of it: runs and long words
 * are taken for one token, and the rest for 16 characters a token.
 */
export function fewestTokens(text: string): number {
  const whole = text.replace(/\s+/g, " ").replace(RUN, "$1");
  return whole.replace(LONG_WORD, (word) => word.slice(0, MOST_CHARACTERS - 1)).length / MOST_CHARACTERS;
}
