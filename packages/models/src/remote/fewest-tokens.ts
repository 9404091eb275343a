/**
 * Twice what a token of English or of code has on average, in the largest vocabularies. Tokens that hold more are a run
 * of the same (an indent, a rule), or a long word (an identifier such as translatesAutoresizingMaskIntoConstraints).
 */
const MOST_CHARACTERS = 8;

/** A run of up to four characters that repeat themselves, such as an indent, `----`, or `| --- | --- |`. */
const RUN = /(.{1,4}?)\1{2,}/gsu;

/** With the space before it, such a word may be one token, however long it is. */
const LONG_WORD = /[\p{L}\p{M}_]{8,}/gu;

/**
 * A count that no tokenizer falls below for a text. Runs and words are taken for one token, and one token more of 8
 * characters is allowed for, since short texts may lie above the average: 16 characters are one, 48 are five.
 */
export function fewestTokens(text: string): number {
  const runs = text.replace(/\s+/g, " ").replace(RUN, "$1");
  const { length } = runs.replace(LONG_WORD, (word) => word.slice(0, MOST_CHARACTERS - 1));
  return Math.max(0, Math.ceil(length / MOST_CHARACTERS) - 1);
}
