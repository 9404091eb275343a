/**
 * What a terminal obeys or does not show: controls (C0, C1: escape sequences, carriage returns, backspaces), format
 * characters (bidi overrides and isolates, zero-width ones, tags), separators of lines that are none here, halves of
 * surrogate pairs, and what is ignored where it has no glyph. Tabs and line feeds are text.
 */
const HIDDEN = /(?![\t\n])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** What makes one emoji of several characters hides nothing: a joiner between two pictures, a selector behind one. */
const IN_EMOJI =
  /(?<=\p{Extended_Pictographic}[\ufe0f\u{1f3fb}-\u{1f3ff}]?)\u200d(?=\p{Extended_Pictographic})|(?<=\p{Extended_Pictographic})\ufe0f/gu;

/**
 * A text from elsewhere as it may be shown to a person: what would move the cursor, change the order of characters or
 * hide among them is written out, `\u{1b}`. Everything else stays as it is. A text that was made visible stays the same.
 * @example visible("a\u202eb") // "a\\u{202e}b"
 */
export function visible(text: string): string {
  return escaped(text, (code) => `\\u{${code.toString(16)}}`);
}

/** The same on one line, for a cell of a table: a line feed there would look like another row. */
export function visibleLine(text: string): string {
  return visible(text).replaceAll("\n", "\\u{a}").replaceAll("\t", "\\u{9}");
}

/** As it is before any plugin is loaded, which may change the one that all share. */
const { stringify } = JSON;

/** JSON that says exactly what `JSON.stringify` says, and is as safe to show: all that `visible` writes out is escaped. */
export function visibleJson(value: unknown): string {
  return escaped(stringify(value), (_, character) =>
    Array.from({ length: character.length }, (_, i) => `\\u${hex4(character.charCodeAt(i))}`).join(""),
  );
}

function escaped(text: string, write: (code: number, character: string) => string): string {
  // Most texts have nothing to hide.
  if (text.search(HIDDEN) === -1) return text;
  const kept = new Set([...text.matchAll(IN_EMOJI)].map(({ index }) => index));
  return text.replace(HIDDEN, (character: string, at: number) =>
    kept.has(at) ? character : write(character.codePointAt(0) as number, character),
  );
}

function hex4(unit: number): string {
  return unit.toString(16).padStart(4, "0");
}
