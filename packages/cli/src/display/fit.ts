import { widthOf } from "@rrr/runs";

const graphemes = new Intl.Segmenter();

/** A line cut to so many columns of a terminal, where a wide character takes two; the cut is told by `…`. */
export function fit(line: string, columns: number): string {
  if (widthOf(line) <= columns) return line;
  let [shown, width] = ["", 0];
  for (const { segment } of graphemes.segment(line)) {
    const next = width + widthOf(segment);
    if (next > columns - 1) break;
    [shown, width] = [shown + segment, next];
  }
  return columns < 1 ? "" : `${shown}…`;
}
