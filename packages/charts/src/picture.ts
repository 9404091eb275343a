/** A picture of several parts, one below another: title, legend, panels, what must be known. */
import { FONT, FONT_SIZE, FOREGROUND } from "./look.ts";
import { type DocumentLike, type Draw, drawIn, type Svg } from "./svg.ts";
import { textBlock, wrap } from "./text.ts";

/** Takes the place that it needs from `y` on. */
export type Part = (draw: Draw, y: number) => { readonly elements: readonly Svg[]; readonly height: number };

export const MARGIN = 16;
const GAP = 12;

export function picture(document: DocumentLike, width: number, title: string, parts: readonly Part[]): Svg {
  const draw = drawIn(document);
  const elements: Svg[] = [];
  let y = MARGIN;
  for (const part of [titlePart(title, width), ...parts]) {
    const { elements: drawn, height } = part(draw, y);
    elements.push(...drawn);
    y += height;
  }
  const height = Math.ceil(y + MARGIN - 4);
  const size = { width, height, viewBox: `0 0 ${width} ${height}` };
  const look = { "font-family": FONT, "font-size": FONT_SIZE, fill: FOREGROUND };
  const root = draw("svg", { xmlns: "http://www.w3.org/2000/svg", role: "img", ...size, ...look });
  root.append(draw("title", {}, title), ...elements);
  return root;
}

function titlePart(title: string, width: number): Part {
  return (draw, y) => {
    const lines = wrap(title, width - 2 * MARGIN, 14);
    const { element, height } = textBlock(draw, lines, { x: MARGIN, y, size: 14, weight: 700 });
    return { elements: [element], height: height + 8 };
  };
}

/** Sentences below the panels. */
export function notesPart(notes: readonly string[], width: number): Part {
  return (draw, y) => {
    const lines = notes.flatMap((note) => wrap(note, width - 2 * MARGIN, 10));
    const { element, height } = textBlock(draw, lines, { x: MARGIN, y: y + 4, size: 10 });
    return { elements: [element], height: lines.length === 0 ? 0 : height + 4 };
  };
}

/** Panels side by side, in rows; each is an `<svg>`. */
export function gridPart(panels: readonly Svg[], columns: number, width: number, height: number): Part {
  return (_, y) => {
    panels.forEach((panel, i) => {
      panel.setAttribute("x", String(MARGIN + (i % columns) * width));
      panel.setAttribute("y", String(y + Math.floor(i / columns) * (height + GAP)));
    });
    return { elements: panels, height: Math.ceil(panels.length / columns) * (height + GAP) };
  };
}
