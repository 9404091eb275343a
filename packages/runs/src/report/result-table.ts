import { type Measure, measuresOf, type TurnCounts } from "@rrr/trainer";
import { comparisonCells } from "./conclusion.ts";
import { figuresTable } from "./figures-table.ts";
import { count } from "./format.ts";
import { labelOf } from "./labels.ts";
import { unmeasured } from "./missing.ts";
import { share } from "./numbers.ts";
import type { EvaluationSummary, Result } from "./result.ts";
import type { Layout } from "./wrap-text.ts";

/** The table of a result, as wide as the layout lets it be. */
export function resultTable(result: Result, isFinished: boolean, layout: Layout): string {
  return figuresTable(resultRows(result, isFinished), layout);
}

/** A row a measure, with 95 % intervals, and what the figures rest on; the label of a control begins with spaces. */
export interface ResultRows {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function resultRows(result: Result, isFinished: boolean): ResultRows {
  const { before, after } = result;
  const evaluations = [before, ...(after ? [after] : [])];
  const measures = shownMeasures(result, isFinished);
  const head = after
    ? ["", "before training", "after training", "difference, paired", ""]
    : ["", "share of problems"];
  const rows = [
    ...measures.map((measure) => row(result, measure)),
    ...passAtRows(result),
    [
      `errored ${before.samples === 1 ? "problems" : "samples"}`,
      ...evaluations.map((each) => String(each.errored)),
    ],
    ...answerRows(evaluations),
  ];
  return { head, rows };
}

/** The measures that have a row; an unfinished run may still come to those that it lacks. */
export function shownMeasures({ before, after }: Result, isFinished: boolean): readonly Measure[] {
  const evaluations = [before, ...(after ? [after] : [])];
  return measuresOf(before.rounds).filter((measure) =>
    evaluations.some(
      (each) => each.rates[measure] !== undefined || (isFinished && unmeasured(each).includes(measure)),
    ),
  );
}

function row({ before, after, gains }: Result, measure: Measure): string[] {
  const label = labelOf(measure);
  if (after === undefined) return [label, cell(before, measure)];
  return [label, cell(before, measure), cell(after, measure), ...comparisonCells(gains?.[measure])];
}

/** A share with its interval, or why there is none. */
export function cell(summary: EvaluationSummary, measure: Measure): string {
  const rate = summary.rates[measure];
  if (rate !== undefined) return share(rate);
  return unmeasured(summary).includes(measure) ? "not measured" : "–";
}

/** Answers that are less than they seem. Cut-off ones have a row always: none is a figure too. */
export function answerRows(evaluations: readonly Pick<EvaluationSummary, "answers">[]): string[][] {
  const row = (label: string, counted: "cut" | "cached" | "estimated" | "contradicted"): string[][] => {
    const counts = evaluations.map(({ answers }) => {
      const turns = Object.values(answers);
      const sum = (of: (turn: TurnCounts) => number): number =>
        turns.reduce((all, turn) => all + of(turn), 0);
      return [sum((turn) => turn[counted]), sum((turn) => turn.answers)] as const;
    });
    const isTold = counts.some(([some, all]) => (counted === "cut" ? all : some) > 0);
    return isTold ? [[label, ...counts.map(([some, all]) => `${count(some)} of ${count(all)}`)]] : [];
  };
  return [
    ...row("answers cut off at the limit", "cut"),
    ...row("answers from the cache", "cached"),
    ...row("answers with estimated tokens", "estimated"),
    ...row("answers with contradictory counts", "contradicted"),
  ];
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
