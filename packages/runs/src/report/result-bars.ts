/** A result as bars: the rows of its table that are shares of problems, and what must be known beside them. */
import type { Measure, Share } from "@rrr/trainer";
import type { RunState } from "../read/run-state.ts";
import { labelOf } from "./labels.ts";
import { titleOf, unfinishedNote } from "./report-text.ts";
import { CONTROLS, type EvaluationSummary, type Result } from "./result.ts";
import { answerRows, cell, shownMeasures } from "./result-table.ts";

export interface ResultBars {
  /** What was run, on what. */
  readonly title: string;
  readonly measures: readonly MeasureBars[];
  /** How intervals were made; what errored, was cut off or is not finished. */
  readonly notes: readonly string[];
}

export interface MeasureBars {
  readonly measure: Measure;
  readonly label: string;
  readonly isControl: boolean;
  /** Of a run without training: its only evaluation. */
  readonly before: ResultBar;
  readonly after?: ResultBar;
}

export interface ResultBar {
  /** Undefined where there is none. */
  readonly share: Share | undefined;
  /** As the table says it: `14.7 % [11.9, 18.1]`, bounds, `not measured` or `–`. */
  readonly text: string;
}

/** @param status of the run; an unfinished one is said to be so. Default: finished */
export function resultBars(result: Result, status: RunState = "finished"): ResultBars {
  const { before, after, notes = [], changes = [] } = result;
  const isFinished = status === "finished";
  const barOf = (summary: EvaluationSummary, measure: Measure): ResultBar => ({
    share: summary.rates[measure],
    text: cell(summary, measure),
  });
  const measures = shownMeasures(result, isFinished).filter((measure) => measure !== "leak");
  const evaluations = [before, ...(after ? [after] : [])];
  const counts = [
    [
      before.samples === 1 ? "errored problems" : "errored samples",
      ...evaluations.map(({ errored }) => String(errored)),
    ],
    ...answerRows(evaluations),
  ].map(([label, first, then]) => `${label}: ${first}${then === undefined ? "" : ` before, ${then} after`}`);
  return {
    title: titleOf(result),
    measures: measures.map((measure) => ({
      measure,
      label: labelOf(measure).trim(),
      isControl: CONTROLS.includes(measure),
      before: barOf(before, measure),
      ...(after && { after: barOf(after, measure) }),
    })),
    notes: [
      `${capital(counts.join("; "))}.`,
      ...(isFinished ? [] : [`This run is ${unfinishedNote(status, after ?? before)}`]),
      ...(result.training?.diverged === undefined
        ? []
        : [`Training diverged and was ended at step ${result.training.diverged.step}.`]),
      ...notes,
      ...changes,
      before.samples === 1 ? WILSON : CLUSTERED,
    ],
  };
}

const WILSON = "95 % intervals: Wilson.";
const CLUSTERED = "95 % intervals over problems: Wilson's at the effective size.";

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
