import {
  type Comparison,
  compareEvaluations,
  compareMeasures,
  type Evaluation,
  MEASURES,
  type Measure,
} from "@rrr/trainer";

/** What `after` must beat for a reflection to be worth something. */
export const CONTROLS: readonly Measure[] = ["blind", "donor", "passAt2", "matched"];

/** An evaluation without its episodes. */
export type EvaluationSummary = Pick<Evaluation, "rates" | "errored" | "tokens"> & {
  readonly problems: number;
};

/** What a run came to: the content of result.json. No times in it: the same seed gives the same result. */
export interface Result {
  readonly task: string;
  readonly model: string;
  readonly seed: number;
  /** Optimiser steps; 0 when the model was only evaluated. */
  readonly steps: number;
  readonly reward: "retry" | "random";
  readonly before: EvaluationSummary;
  /** Absent without training. */
  readonly after?: EvaluationSummary;
  /** Each measure, after training against before. Absent without training. */
  readonly gains?: Partial<Record<Measure, Comparison>>;
  /** `after` against each control, in the last evaluation. */
  readonly overControls: Partial<Record<Measure, Comparison>>;
}

export type ResultHeader = Pick<Result, "task" | "model" | "seed" | "steps" | "reward">;

export function toResult(header: ResultHeader, before: Evaluation, after?: Evaluation): Result {
  const overControls = compareEach(CONTROLS, (control) => compareMeasures(after ?? before, control, "after"));
  if (after === undefined) return { ...header, before: summarize(before), overControls };
  const gains = compareEach(MEASURES, (measure) => compareEvaluations(before, after, measure));
  return { ...header, before: summarize(before), after: summarize(after), gains, overControls };
}

function summarize({ rates, errored, tokens, items }: Evaluation): EvaluationSummary {
  return { rates, errored, tokens, problems: items.length };
}

function compareEach(
  measures: readonly Measure[],
  compare: (measure: Measure) => Comparison | undefined,
): Partial<Record<Measure, Comparison>> {
  const compared: Partial<Record<Measure, Comparison>> = {};
  for (const measure of measures) {
    const comparison = compare(measure);
    if (comparison !== undefined) compared[measure] = comparison;
  }
  return compared;
}
