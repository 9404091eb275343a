import { CURVES_ORDER } from "./curve-names.ts";
import { type CurveRun, type CurveSettings, learningCurve } from "./learning-curve.ts";
import { seriesLegend } from "./legend.ts";
import { gridPart, MARGIN, notesPart, picture } from "./picture.ts";
import type { DocumentLike, ElementOf, Svg } from "./svg.ts";

export interface PictureSettings<D extends DocumentLike> extends Omit<CurveSettings<D>, "height"> {
  readonly title: string;
}

/** All curves that the runs have, as one picture with a title, a legend and notes. @param runs at least one */
export function learningCurves<D extends DocumentLike>(
  runs: readonly CurveRun[],
  { document, title, width = 960 }: PictureSettings<D>,
): ElementOf<D> {
  const columns = Math.max(1, Math.min(3, Math.floor((width - 2 * MARGIN) / 220)));
  const panel = (width - 2 * MARGIN) / columns;
  const height = Math.round(Math.max(160, panel * 0.66));
  const panels = CURVES_ORDER.flatMap((name) => {
    const chart = learningCurve(runs, name, { document, width: panel, height });
    return chart === undefined ? [] : [chart as unknown as Svg];
  });
  return picture(document, width, title, [
    ...(runs.length > 1
      ? [
          seriesLegend(
            document,
            runs.map(({ label }) => label),
            width,
          ),
        ]
      : []),
    gridPart(panels, columns, panel, height),
    notesPart(notesOf(runs), width),
  ]) as ElementOf<D>;
}

/** How to read what is drawn; only of what is there. */
export function notesOf(runs: readonly CurveRun[]): readonly string[] {
  const points = runs.flatMap(({ curves }) => Object.values(curves.curves).flat());
  const kinds = new Set(points.map((point) => point.of));
  const bounded = points.filter(({ bounds }) => bounds !== undefined).length;
  const open = runs.filter(({ curves }) => isOpen(curves)).map(({ label }) => label);
  const said: readonly (readonly [boolean, string])[] = [
    [kinds.has("evaluation"), "Large filled symbols: the held-out problems of the result table."],
    [kinds.has("probe"), "Small open symbols: other held-out problems, which choose among checkpoints."],
    [points.some(({ low }) => low !== undefined), "Bars and bands: 95 % intervals."],
    [
      bounded > 0,
      `Dotted bars: bounds of ${bounded} figures whose outcomes are not all there (errored, or still to come).`,
    ],
    [
      points.some(({ cut = 0 }) => cut > 0),
      "Open triangles: some reflections were cut off at the limit of tokens, their true length is more.",
    ],
    ...runs.map(
      ({ label, curves }) =>
        [
          curves.divergedAt !== undefined,
          `Dotted line at step ${curves.divergedAt}: training of ${label} diverged and was ended.`,
        ] as const,
    ),
    [open.length > 0, `Not at its last step: ${open.join(", ")}.`],
  ];
  return [said.flatMap(([isThere, text]) => (isThere ? [text] : [])).join(" ")].filter((text) => text !== "");
}

function isOpen({ curves, plannedSteps, divergedAt }: CurveRun["curves"]): boolean {
  const last = curves.retries?.at(-1)?.step ?? 0;
  return plannedSteps !== undefined && divergedAt === undefined && last < plannedSteps;
}
