import type { Comparison, Measure, Share } from "@rrr/trainer";
import { stringify } from "csv-stringify/sync";
import { withoutFormula } from "../export/write-table.ts";
import { labelOf } from "./labels.ts";
import type { EvaluationSummary, Result } from "./result.ts";
import { cell, resultRows, shownMeasures } from "./result-table.ts";

/** Shares are from 0 to 1, `least` and `most` their bounds where outcomes are missing. */
const COLUMNS = [
  "row",
  "of",
  "value",
  "low",
  "high",
  "least",
  "most",
  "missing",
  "p",
  "p_at_most",
  "says",
] as const;

type Line = Readonly<Partial<Record<(typeof COLUMNS)[number], string | number | undefined>>>;

/** The rows of a result's table as numbers, a line a share or difference; counts and sentences in the column `says`. */
export function reportCsv(result: Result, isFinished: boolean, sentences: readonly string[]): string {
  const { before, after, gains } = result;
  const evaluations: readonly (readonly [string, EvaluationSummary])[] =
    after === undefined
      ? [["evaluation", before]]
      : [
          ["before", before],
          ["after", after],
        ];
  const measures = shownMeasures(result, isFinished);
  const lines: readonly Line[] = [
    ...measures.flatMap((measure) => [
      ...evaluations.map(([of, summary]) => shareLine(of, summary, measure)),
      ...differenceLines(measure, gains?.[measure]),
    ]),
    ...evaluations.flatMap(([of, { passAt }]) =>
      passAt
        .filter(({ k }) => k > 1)
        .flatMap(({ k, ...shares }) =>
          (["first", "after"] as const).map((measure) => ({
            ...{ row: `pass@${k}, ${labelOf(measure)}`, of },
            ...figures(shares[measure]),
          })),
        ),
    ),
    ...countLines(
      result,
      isFinished,
      evaluations.map(([of]) => of),
    ),
    ...sentences.map((says) => ({ row: "note", says })),
  ];
  return stringify([
    COLUMNS,
    ...lines.map((line) => COLUMNS.map((name) => withoutFormula(line[name] ?? null))),
  ]);
}

function shareLine(of: string, summary: EvaluationSummary, measure: Measure): Line {
  const rate = summary.rates[measure];
  const row = labelOf(measure).trim();
  return rate === undefined
    ? { row, of, says: cell(summary, measure) }
    : { row, of, ...figures(rate), missing: rate.missing };
}

function differenceLines(measure: Measure, comparison: Comparison | undefined): readonly Line[] {
  if (comparison === undefined) return [];
  const { difference, p, missing } = comparison;
  const test = missing > 0 ? { p_at_most: p } : { p };
  return [{ row: labelOf(measure).trim(), of: "difference", ...figures(difference), missing, ...test }];
}

function figures({ value, low, high, bounds }: Share): Line {
  return { value, low, high, least: bounds?.[0], most: bounds?.[1] };
}

/** Rows of the table that are counts. */
function countLines(result: Result, isFinished: boolean, ofs: readonly string[]): readonly Line[] {
  const { rows } = resultRows(result, isFinished);
  return rows
    .filter(([label = ""]) => /^(errored|answers) /.test(label))
    .flatMap(([row, ...counts]) => ofs.map((of, i) => ({ row, of, says: counts[i] })));
}
