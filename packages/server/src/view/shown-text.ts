import type { ShownText } from "./api.ts";

/** Characters that come at first: more than almost every answer has, and what a browser lays out at once. */
const SHOWN = 20_000;
/** Characters that come at a time afterwards. */
const MORE = 200_000;

export function shown(text: string, most: number = SHOWN): ShownText {
  return { text: text.length <= most ? text : text.slice(0, whole(text, most)), length: text.length };
}

/** The part of a text that begins at a place. */
export function partOf(text: string, from: number): { text: string; from: number; length: number } {
  const start = Math.min(from, text.length);
  return { text: text.slice(start, whole(text, start + MORE)), from: start, length: text.length };
}

/** Not between the halves of a surrogate pair. */
function whole(text: string, end: number): number {
  const code = text.charCodeAt(end - 1);
  return code >= 0xd800 && code <= 0xdbff ? end - 1 : end;
}
