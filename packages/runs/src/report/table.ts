import { type Measure, measuresOf } from "@rrr/trainer";
import Table from "cli-table3";
import { labelOf } from "./labels.ts";
import { points, pValue, share } from "./numbers.ts";
import type { EvaluationSummary, Result } from "./result.ts";

const LINES = [
  "top",
  "top-mid",
  "top-left",
  "top-right",
  "bottom",
  "bottom-mid",
  "bottom-left",
  "bottom-right",
];
const EDGES = ["left", "left-mid", "mid", "mid-mid", "right", "right-mid"];

/** A table without lines, its columns two spaces apart. */
export function plainTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    head: [...head],
    chars: { ...Object.fromEntries([...LINES, ...EDGES].map((name) => [name, ""])), middle: "  " },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  // What a row lacks would be a line of its own.
  table.push(...rows.map((row) => head.map((_, column) => row[column] ?? "")));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

/** The table of a result: a row a measure, with 95 % intervals. */
export function renderTable(result: Result): string {
  const { before, after } = result;
  const measures = measuresOf(before.rounds).filter(
    (measure) => before.rates[measure] ?? after?.rates[measure],
  );
  const errored = [before, ...(after ? [after] : [])].map((each) => String(each.errored));
  return plainTable(
    after ? ["", "before training", "after training", "difference, paired", ""] : ["", "share of problems"],
    [
      ...measures.map((measure) => row(result, measure)),
      ...passAtRows(result),
      [`errored ${before.samples === 1 ? "problems" : "samples"}, in no share`, ...errored],
    ],
  );
}

function row({ before, after, gains }: Result, measure: Measure): string[] {
  const label = labelOf(measure);
  if (after === undefined) return [label, cell(before, measure)];
  const gain = gains?.[measure];
  const difference = gain ? [points(gain.difference), pValue(gain.p)] : [];
  return [label, cell(before, measure), cell(after, measure), ...difference];
}

function cell({ rates }: EvaluationSummary, measure: Measure): string {
  const rate = rates[measure];
  return rate === undefined ? "–" : share(rate);
}

/** The chance that one of k samples passes; for k = 1 it is in the rows above. */
function passAtRows({ before, after }: Result): string[][] {
  return (["first", "after"] as const).flatMap((measure) =>
    before.passAt
      .filter(({ k }) => k > 1)
      .map((passAt) => {
        const later = after?.passAt.find(({ k }) => k === passAt.k);
        return [
          `pass@${passAt.k}, ${labelOf(measure)}`,
          share(passAt[measure]),
          ...(later ? [share(later[measure])] : []),
        ];
      }),
  );
}
