import * as Plot from "@observablehq/plot";
import type { CurveName, CurvePoint, RunCurves } from "@rrr/runs";
import { CURVE_TEXTS } from "./curve-names.ts";
import { FONT, FONT_SIZE, FOREGROUND, type Series, seriesOf } from "./look.ts";
import type { DocumentLike, ElementOf, Svg } from "./svg.ts";

/** A run in a picture. */
export interface CurveRun {
  readonly label: string;
  readonly curves: RunCurves;
}

export interface CurveSettings<D extends DocumentLike> {
  readonly document: D;
  /** Pixels. Default: 320 and 200. */
  readonly width?: number;
  readonly height?: number;
}

/**
 * One curve of each run as an `<svg>`, with 95 % intervals as bands or bars; undefined where no run has it. Bounds, where
 * outcomes are missing, are dotted lines.
 */
export function learningCurve<D extends DocumentLike>(
  runs: readonly CurveRun[],
  name: CurveName,
  { document, width = 320, height = 200 }: CurveSettings<D>,
): ElementOf<D> | undefined {
  const all = runs.flatMap(({ curves }) => curves.curves[name] ?? []);
  if (all.length === 0) return undefined;
  const { title, isShare } = CURVE_TEXTS[name];
  const last = runs.reduce((most, { curves }) => Math.max(most, lastStep(curves)), 1);
  const chart = Plot.plot({
    document: document as never,
    ...{ width, height, marginLeft: 44, marginRight: 12, marginTop: 26, marginBottom: 34 },
    style: {
      fontFamily: FONT,
      fontSize: `${FONT_SIZE}px`,
      background: "none",
      color: FOREGROUND,
      overflow: "visible",
    },
    ariaLabel: title,
    x: { label: "training step", labelAnchor: "center", labelArrow: "none", domain: [0, last], ticks: 5 },
    y: {
      ...{ label: title, labelArrow: "none", labelAnchor: "top", zero: true, nice: true, ticks: 5 },
      ...{ domain: [0, highest(all)], grid: true },
      ...(isShare ? { tickFormat: (share: number) => `${Math.round(share * 1000) / 10}` } : {}),
    },
    marks: runs.flatMap(({ curves }, i) =>
      marksOf(curves.curves[name] ?? [], curves, seriesOf(i), { index: i, runs: runs.length }),
    ),
  }) as unknown as Svg;
  for (const style of [...chart.querySelectorAll("style")]) style.remove();
  return chart as ElementOf<D>;
}

function lastStep({ curves, plannedSteps = 0 }: RunCurves): number {
  const steps = Object.values(curves).flatMap((points) => points.map(({ step }) => step));
  return steps.reduce((most, step) => Math.max(most, step), plannedSteps);
}

function highest(points: readonly CurvePoint[]): number {
  const ends = points.flatMap(({ value, high, bounds }) => [value ?? 0, high ?? 0, bounds?.[1] ?? 0]);
  return ends.reduce((most, end) => Math.max(most, end), 0) || 1;
}

function marksOf(
  points: readonly CurvePoint[],
  { divergedAt }: RunCurves,
  { colour, dashes, symbol }: Series,
  { index, runs }: { readonly index: number; readonly runs: number },
): Plot.Markish[] {
  const of = (kind: CurvePoint["of"]): readonly CurvePoint[] => points.filter((point) => point.of === kind);
  const steps = withGaps(of("step"));
  const line = { x: "step", y: figure, stroke: colour, ...(dashes && { strokeDasharray: dashes }) };
  // Beside each other, not one over another.
  const dx = (index - (runs - 1) / 2) * 5;
  const bars = { x: "step", y1: "low", y2: "high", stroke: colour, dx };
  const bounded = points.filter(({ bounds }) => bounds !== undefined);
  return [
    ...(divergedAt === undefined
      ? []
      : [Plot.ruleX([divergedAt], { stroke: FOREGROUND, strokeDasharray: "1 3" })]),
    Plot.areaY(steps, {
      ...{ x: "step", y1: "low", y2: "high", fill: colour, fillOpacity: runs > 3 ? 0.08 : 0.18 },
    }),
    Plot.lineY(steps, { ...line, strokeWidth: 1.4 }),
    // A line of one point is none.
    Plot.dot(lonely(steps), { x: "step", y: figure, fill: colour, r: 1.4, symbol }),
    Plot.ruleX(of("probe"), { ...bars, strokeOpacity: 0.45 }),
    Plot.lineY(of("probe"), { ...line, strokeWidth: 1.2 }),
    Plot.dot(of("probe"), { x: "step", y: figure, symbol, r: 2.6, stroke: colour, fill: "#ffffff", dx }),
    Plot.ruleX(of("evaluation"), { ...bars, strokeWidth: 1.8 }),
    Plot.dot(of("evaluation"), { x: "step", y: figure, symbol, r: 4.2, fill: colour, dx }),
    Plot.ruleX(bounded, {
      ...{ x: "step", y1: lower, y2: upper, stroke: colour, strokeWidth: 3, strokeDasharray: "1 2", dx },
    }),
    Plot.dot(
      points.filter(({ cut = 0 }) => cut > 0),
      { x: "step", y: figure, symbol: "triangle", r: 3, stroke: colour, fill: "#ffffff" },
    ),
  ];
}

const figure = ({ value }: CurvePoint): number => value ?? Number.NaN;
const lower = ({ bounds }: CurvePoint): number => bounds?.[0] ?? Number.NaN;
const upper = ({ bounds }: CurvePoint): number => bounds?.[1] ?? Number.NaN;

/** A step without the figure breaks the line: what was not measured is not drawn through. */
function withGaps(points: readonly CurvePoint[]): readonly CurvePoint[] {
  return points.flatMap((point, i) => {
    const before = points[i - 1];
    const isGap = before !== undefined && point.step > before.step + 1;
    return isGap ? [{ step: before.step + 1, of: point.of }, point] : [point];
  });
}

function lonely(points: readonly CurvePoint[]): readonly CurvePoint[] {
  const isThere = (point: CurvePoint | undefined): boolean => point?.value !== undefined;
  return points.filter((point, i) => isThere(point) && !isThere(points[i - 1]) && !isThere(points[i + 1]));
}
