import * as Plot from "@observablehq/plot";
import type { MeasureBars, ResultBars } from "@rrr/runs";
import type { PictureSettings } from "./learning-curves.ts";
import { swatchLegend } from "./legend.ts";
import { AFTER, BEFORE, FONT, FONT_SIZE, FOREGROUND } from "./look.ts";
import { gridPart, MARGIN, notesPart, picture } from "./picture.ts";
import type { DocumentLike, ElementOf, Svg } from "./svg.ts";
import { widthOf } from "./text.ts";

/** A bar of the picture. */
interface Row {
  readonly label: string;
  readonly when: "before" | "after";
  /** As the table says it. */
  readonly text: string;
  readonly from: number;
  readonly to: number | undefined;
  /** Where outcomes are missing, how far it could reach. */
  readonly most: number | undefined;
  readonly low: number | undefined;
  readonly high: number | undefined;
}

/** Shares of problems before and after training, with their 95 % intervals, the controls below them. */
export function resultChart<D extends DocumentLike>(
  { title, measures, notes }: ResultBars,
  { document, title: given, width = 760 }: Omit<PictureSettings<D>, "title"> & { readonly title?: string },
): ElementOf<D> {
  const isTrained = measures.some(({ after }) => after !== undefined);
  const chart = barsChart(document, measures, isTrained, width - 2 * MARGIN);
  const swatches = [
    { label: "before training", colour: BEFORE },
    { label: "after training", colour: AFTER },
  ];
  const isBounded = measures.some(({ before, after }) => before.share?.bounds ?? after?.share?.bounds);
  const bounded = "Dotted ends of bars: bounds, as if all that has no outcome had failed or passed.";
  return picture(document, width, given ?? title, [
    ...(isTrained ? [swatchLegend(swatches, width)] : []),
    gridPart([chart.element], 1, width, chart.height),
    notesPart([...(isBounded ? [bounded] : []), ...notes], width),
  ]) as ElementOf<D>;
}

function barsChart(
  document: DocumentLike,
  measures: readonly MeasureBars[],
  isTrained: boolean,
  width: number,
): { readonly element: Svg; readonly height: number } {
  const rows = measures.flatMap((each) => rowsOf(each));
  const marginLeft = Math.ceil(Math.max(0, ...rows.map(({ label }) => widthOf(label)))) + 10;
  const marginRight = Math.ceil(Math.max(0, ...rows.map(({ text }) => widthOf(text, 10)))) + 12;
  const each = isTrained ? 34 : 24;
  const height = measures.length * each + 44;
  const place = { fy: "label", y: "when" };
  const element = Plot.plot({
    document: document as never,
    ...{ width, height, marginLeft, marginRight, marginTop: 4, marginBottom: 36 },
    style: {
      fontFamily: FONT,
      fontSize: `${FONT_SIZE}px`,
      background: "none",
      color: FOREGROUND,
      overflow: "visible",
    },
    ariaLabel: "shares of held-out problems, with 95 % intervals",
    x: {
      ...{ label: "held-out problems that pass (%)", labelAnchor: "center", labelArrow: "none", grid: true },
      ...{ domain: [0, 1], tickFormat: (share: number) => `${Math.round(share * 100)}` },
    },
    y: { axis: null, domain: isTrained ? ["before", "after"] : ["before"], padding: 0.08 },
    fy: { label: null, domain: measures.map(({ label }) => label), padding: 0.22, axis: "left", tickSize: 0 },
    marks: [
      Plot.barX(rows, {
        ...place,
        x1: "from",
        x2: "to",
        fill: ({ when }: Row) => (when === "before" ? BEFORE : AFTER),
      }),
      Plot.barX(rows, {
        ...{ ...place, x1: "to", x2: "most", fill: "none", strokeDasharray: "2 2" },
        stroke: ({ when }: Row) => (when === "before" ? FOREGROUND : AFTER),
      }),
      // White below the line, so that it is seen on a dark bar too.
      Plot.ruleY(rows, { ...place, x1: "low", x2: "high", stroke: "#ffffff", strokeWidth: 3 }),
      Plot.ruleY(rows, { ...place, x1: "low", x2: "high", stroke: "#000000", strokeWidth: 1.3 }),
      Plot.text(rows, {
        ...{ ...place, text: "text", frameAnchor: "right", textAnchor: "start", dx: 8, fontSize: 10 },
      }),
      Plot.ruleX([0], { stroke: FOREGROUND }),
    ],
  }) as unknown as Svg;
  for (const style of [...element.querySelectorAll("style")]) style.remove();
  return { element, height };
}

function rowsOf({ label, before, after }: MeasureBars): readonly Row[] {
  return [["before", before] as const, ...(after === undefined ? [] : [["after", after] as const])].map(
    ([when, { share, text }]) => ({
      ...{ label, when, text, from: 0, to: share?.value ?? share?.bounds?.[0] },
      ...{ most: share?.bounds?.[1], low: share?.low, high: share?.high },
    }),
  );
}
