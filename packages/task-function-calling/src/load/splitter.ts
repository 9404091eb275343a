import { RrrError } from "@rrr/core";

/** The text of one row, and the line, from 1, on which it begins. */
export interface Piece {
  readonly text: string;
  readonly line: number;
}

/** Cuts a text that comes in chunks into the texts of its rows; whether those are JSON is for others to say. */
export interface Splitter {
  /** @throws RrrError `bad-item` for a row too long to be one: it may be the rest of a file that lacks a bracket. */
  add(chunk: string): Iterable<Piece>;
  /** What is left when no more comes. */
  end(): Iterable<Piece>;
}

/** Characters. The longest rows of the published files have about 40,000. */
const MAX_LENGTH = 2 ** 20;

export function checkLength(text: string, path: string, line: number): string {
  if (text.length <= MAX_LENGTH) return text;
  const start = line + newlinesIn(leadingBlanks(text));
  throw new RrrError("bad-item", `${path}, line ${start}: a row of over ${MAX_LENGTH} characters`);
}

export function leadingBlanks(text: string): string {
  return text.slice(0, text.length - text.trimStart().length);
}

export function newlinesIn(text: string): number {
  return text.split("\n").length - 1;
}
