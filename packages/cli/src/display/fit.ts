import { widthOf } from "@rrr/runs";

const PLAIN = /^[ -~✓✗]*$/;
const graphemes = new Intl.Segmenter();

/** A line cut to so many columns of a terminal, where a wide character takes two; the cut is told by `…`. */
export function fit(line: string, columns: number): string {
  // Most lines are plain, and measuring costs more than all the rest.
  if (PLAIN.test(line))
    return line.length <= columns ? line : columns < 1 ? "" : `${line.slice(0, columns - 1)}…`;
  if (widthOf(line) <= columns) return line;
  let [shown, width] = ["", 0];
  for (const { segment } of graphemes.segment(line)) {
    const next = width + widthOf(segment);
    if (next > columns - 1) break;
    [shown, width] = [shown + segment, next];
  }
  return columns < 1 ? "" : `${shown}…`;
}
