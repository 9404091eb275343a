import type { RunState } from "../read/run-state.ts";
import { chosenText } from "./chosen-text.ts";
import { findings } from "./findings.ts";
import type { EvaluationSummary, Result } from "./result.ts";
import { resultTable } from "./result-table.ts";
import { type Layout, wrapText } from "./wrap-text.ts";

export interface ReportOptions extends Layout {
  /** Default: it is. */
  readonly isFinished?: boolean;
}

/** The whole report of a run, as it is printed and, with lines of any length, kept in report.txt. */
export function reportText(result: Result, options: ReportOptions = {}): string {
  const { isFinished = true } = options;
  const lines = saidOf(result, isFinished)
    .map((line) => wrapText(line, options))
    .join("\n");
  const blocks = [
    wrapText(titleOf(result), options),
    resultTable(result, isFinished, options),
    madeOf(result)
      .map((note) => wrapText(note, options))
      .join("\n"),
    ...(lines === "" ? [] : [lines]),
  ];
  return `${blocks.join("\n\n")}\n`;
}

/** What was run, on what. */
export function titleOf(result: Result): string {
  const { task, model, seed, steps, reward, before } = result;
  return [
    task,
    model === "builtin" ? "built-in model" : `model ${model}`,
    `${before.problems} held-out problems`,
    ...(before.samples === 1 ? [] : [`${before.samples} samples of each`]),
    `seed ${seed}`,
    ...(steps === 0 ? [] : [`${steps} steps${reward === "random" ? ", RANDOM rewards" : ""}`]),
  ].join(" · ");
}

/** How the figures were made, and with what. */
export function madeOf(result: Result): readonly string[] {
  return [noteOf(result.before.samples), chosenText(result)].filter((note) => note !== "");
}

/** What the figures say, and what must be known of them. */
export function saidOf(result: Result, isFinished: boolean): readonly string[] {
  return [...(result.notes ?? []), ...findings(result, isFinished)];
}

/** How the figures were made. */
export function noteOf(samples: number): string {
  return samples === 1
    ? "95 % intervals: Wilson; differences in points with Newcombe's; p: McNemar's exact test."
    : "95 % intervals over problems: Wilson's at the effective size, differences with Newcombe's; p: sign-flip test.";
}

/** What must be known of figures before an evaluation is complete. */
export function unfinishedNote(
  status: RunState,
  { done, problems, samples }: Pick<EvaluationSummary, "done" | "samples"> & { readonly problems: number },
): string {
  // A run of an older version does not say how many there will be.
  if (done === undefined)
    return `not finished (${status}): its shares are of what is done, and too high or too low.`;
  const units = samples === 1 ? "problems" : "samples";
  return (
    `not finished (${status}): ${done} of ${problems * samples} ${units} are done, and its shares are bounds, as if all ` +
    "that is still to come had failed or passed."
  );
}
