import { visible } from "@rrr/core";
import stringWidth from "string-width";
import wrapAnsi from "wrap-ansi";

/** Where a text goes. */
export interface Layout {
  /** Characters in a line of the terminal; undefined where lines may be of any length: a file, a pipe. */
  readonly columns?: number | undefined;
}

/** Spaces that belong to a figure: `p < 0.001`, `14.7 %`, `4.1 MB`, `5 steps`. */
const IN_FIGURE = /(?<=\bp) (?=[<=])|(?<=\bp [<=]) (?=\d)|(?<=\d) (?=[%\p{L}])/gu;
const UNBROKEN = "\u00a0";

/**
 * Makes a text `visible`, and breaks its lines at words; a word that is longer than a line is broken where the line ends.
 * @param prefix stands before the first line; the others are indented as far
 */
export function wrapText(text: string, { columns }: Layout, prefix = ""): string {
  const shown = visible(text);
  if (columns === undefined) return prefix + shown;
  const indent = stringWidth(prefix);
  const wrapped = wrapAnsi(shown.replace(IN_FIGURE, UNBROKEN), Math.max(1, columns - indent), { hard: true });
  return prefix + wrapped.replaceAll(UNBROKEN, " ").replaceAll("\n", `\n${" ".repeat(indent)}`);
}

/** Characters that the longest line of a text takes in a terminal. */
export function widthOf(text: string): number {
  return Math.max(...text.split("\n").map((line) => stringWidth(line)));
}
