/** The string literals of Python; what is computed (`f"…"`), and bytes, are refused. */

/** A literal's text and where it ends; undefined for what is no plain string. */
export type TextReading = { readonly text: string; readonly end: number } | undefined;

const ESCAPES = new Map([
  ["\\", "\\"],
  ["'", "'"],
  ['"', '"'],
  ["a", "\x07"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"],
  ["\n", ""],
]);

const OPENING = /([rRuU]?)('''|"""|'|")/y;
const CODE = /x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})/y;

/** Reads the literal that begins at `at`. */
export function readPythonText(text: string, at: number): TextReading {
  OPENING.lastIndex = at;
  const [opening, prefix, quote] = OPENING.exec(text) ?? [];
  if (opening === undefined || quote === undefined) return undefined;
  const isRaw = prefix?.toLowerCase() === "r";
  let read = "";
  let start = at + opening.length;
  for (let i = start; i < text.length; i++) {
    const letter = text.charAt(i);
    if (letter === "\n" && quote.length === 1) return undefined;
    if (text.startsWith(quote, i)) return { text: read + text.slice(start, i), end: i + quote.length };
    if (letter !== "\\") continue;
    if (isRaw) i++;
    else {
      const found = readEscape(text, i + 1);
      if (found === undefined) return undefined;
      read += text.slice(start, i) + found.text;
      start = found.end;
      i = start - 1;
    }
  }
  return undefined;
}

/** What stands behind a backslash. Python keeps the backslash of an escape that it does not know. */
function readEscape(text: string, at: number): TextReading {
  const letter = text.charAt(at);
  const plain = ESCAPES.get(letter);
  if (plain !== undefined) return { text: plain, end: at + 1 };
  CODE.lastIndex = at;
  const [code, x, u, long, octal] = CODE.exec(text) ?? [];
  if (code === undefined) return "xuUN".includes(letter) ? undefined : { text: `\\${letter}`, end: at + 1 };
  const point = octal === undefined ? Number.parseInt(x ?? u ?? long ?? "", 16) : Number.parseInt(octal, 8);
  return point > 0x10ffff ? undefined : { text: String.fromCodePoint(point), end: at + code.length };
}
