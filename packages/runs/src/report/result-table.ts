import { type Measure, measuresOf } from "@rrr/trainer";
import { figuresTable } from "./figures-table.ts";
import { labelOf } from "./labels.ts";
import { points, pValue, share } from "./numbers.ts";
import type { EvaluationSummary, Result } from "./result.ts";
import type { Layout } from "./wrap-text.ts";

/** The table of a result: a row a measure, with 95 % intervals. */
export function resultTable(result: Result, layout: Layout): string {
  const { before, after } = result;
  const measures = measuresOf(before.rounds).filter(
    (measure) => before.rates[measure] ?? after?.rates[measure],
  );
  const errored = [before, ...(after ? [after] : [])].map((each) => String(each.errored));
  const head = after
    ? ["", "before training", "after training", "difference, paired", ""]
    : ["", "share of problems"];
  const rows = [
    ...measures.map((measure) => row(result, measure)),
    ...passAtRows(result),
    [`errored ${before.samples === 1 ? "problems" : "samples"}, in no share`, ...errored],
  ];
  return figuresTable({ head, rows }, layout);
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
