/**
 * A text as what is searched: its words, small, without accents, a space between two of them. The index and the query take
 * the same words, whichever version of Unicode SQLite knows.
 */
export function plainWords(text: string): string {
  const small = text.toLowerCase();
  // Most texts have nothing but ASCII, and are done at once.
  if (!/[^\0-\x7f]/.test(small)) return small.replaceAll(/[^a-z0-9]+/g, " ").trim();
  return small
    .normalize("NFKD")
    .replaceAll(/\p{M}+/gu, "")
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
