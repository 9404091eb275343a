/**
 * How pictures look. Series differ in colour, in the dashes of their lines and in their symbols, and neighbours in
 * lightness, so that they can be told apart in greyscale too.
 */

/** Runs one over another. Colours: Okabe & Ito's, which the colour-blind can tell apart. */
export const SERIES = [
  { colour: "#0072b2", dashes: undefined, symbol: "circle" },
  { colour: "#e69f00", dashes: "7 3", symbol: "square" },
  { colour: "#009e73", dashes: "2 2.5", symbol: "triangle" },
  { colour: "#cc79a7", dashes: "9 3 2 3", symbol: "diamond" },
  { colour: "#d55e00", dashes: "4 2", symbol: "star" },
  { colour: "#56b4e9", dashes: "1 3", symbol: "wye" },
] as const;

export type Series = (typeof SERIES)[number];

/** Before and after training: a light one and a dark one. */
export const BEFORE = "#9ecae8";
export const AFTER = "#0072b2";

export const FONT = "Inter, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif";
export const FONT_SIZE = 11;
/** Of lines and texts that are no data: in a page its own, on paper black. */
export const FOREGROUND = "currentColor";

export function seriesOf(index: number): Series {
  return SERIES[index % SERIES.length] as Series;
}
