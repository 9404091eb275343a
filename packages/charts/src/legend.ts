import * as Plot from "@observablehq/plot";
import { FOREGROUND, seriesOf } from "./look.ts";
import type { Part } from "./picture.ts";
import { MARGIN } from "./picture.ts";
import type { DocumentLike, Svg } from "./svg.ts";
import { widthOf, wrap } from "./text.ts";

const SAMPLE = 30;
const ROW = 18;

/** Which line is whose: its line, its symbol, its name. */
export function seriesLegend(document: DocumentLike, labels: readonly string[], width: number): Part {
  return flow(labels, width, SAMPLE, (i) => {
    const { colour, dashes, symbol } = seriesOf(i);
    const chart = Plot.plot({
      document: document as never,
      ...{
        width: SAMPLE,
        height: ROW,
        margin: 0,
        x: { axis: null, domain: [0, SAMPLE] },
        y: { axis: null, domain: [0, 2] },
      },
      marks: [
        Plot.line(
          [
            [1, 1],
            [SAMPLE - 6, 1],
          ],
          { stroke: colour, ...(dashes && { strokeDasharray: dashes }) },
        ),
        Plot.dot([[(SAMPLE - 5) / 2, 1]], { symbol, fill: colour, r: 3.6 }),
      ],
    }) as unknown as Svg;
    for (const style of [...chart.querySelectorAll("style")]) style.remove();
    return chart;
  });
}

/** Swatches of colours. */
export function swatchLegend(
  swatches: readonly { readonly label: string; readonly colour: string }[],
  width: number,
): Part {
  return (draw, y) =>
    flow(
      swatches.map(({ label }) => label),
      width,
      18,
      (i) =>
        draw(
          "svg",
          { width: 12, height: ROW },
          draw("rect", { y: 3, width: 12, height: 12, fill: swatches[i]?.colour }),
        ),
    )(draw, y);
}

/** Samples with their labels, in as many rows as they need. */
function flow(
  labels: readonly string[],
  width: number,
  sample: number,
  drawSample: (index: number) => Svg,
): Part {
  return (draw, y) => {
    let [x, row] = [MARGIN, 0];
    const elements = labels.flatMap((label, i) => {
      const [text = "", ...more] = wrap(label, width - 2 * MARGIN - sample);
      const shown = more.length === 0 ? text : `${text}…`;
      const needed = sample + widthOf(shown) + 18;
      if (x > MARGIN && x + needed > width - MARGIN) [x, row] = [MARGIN, row + 1];
      const drawn = drawSample(i);
      drawn.setAttribute("x", String(x));
      drawn.setAttribute("y", String(y + row * ROW));
      const name = draw("text", { x: x + sample, y: y + row * ROW + ROW - 5, fill: FOREGROUND }, shown);
      x += needed;
      return [drawn, name];
    });
    return { elements, height: labels.length === 0 ? 0 : (row + 1) * ROW + 6 };
  };
}
