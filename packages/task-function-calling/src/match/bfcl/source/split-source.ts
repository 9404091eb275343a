const CLOSING: ReadonlyMap<string, string> = new Map([
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
]);
const QUOTES = `"'`;

/**
 * The parts of source text between separators that stand in no brackets and no quotes, trimmed, a last empty one left
 * out. Undefined where brackets or quotes are not closed.
 */
export function splitSource(text: string, separator: string): readonly string[] | undefined {
  const parts: string[] = [];
  const open: string[] = [];
  let quote = "";
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const letter = text.charAt(i);
    if (quote !== "") {
      if (letter === "\\") i++;
      else if (letter === quote) quote = "";
    } else if (QUOTES.includes(letter)) quote = letter;
    else if (CLOSING.has(letter)) open.push(CLOSING.get(letter) as string);
    else if (")]}".includes(letter)) {
      if (open.pop() !== letter) return undefined;
    } else if (letter === separator && open.length === 0) {
      parts.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  if (quote !== "" || open.length > 0) return undefined;
  const last = text.slice(start).trim();
  return last === "" ? parts : [...parts, last];
}

/** What stands between a pair of quotes; undefined for text that is not in quotes. */
export function unquoted(text: string): string | undefined {
  const isQuoted = text.length >= 2 && QUOTES.includes(text.charAt(0)) && text.endsWith(text.charAt(0));
  return isQuoted ? text.slice(1, -1) : undefined;
}
