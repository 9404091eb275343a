import type { TemplateHistory } from "@rrr/core";
import {
  type Comparison,
  compareOutcomes,
  type Evaluation,
  type Measure,
  measuresOf,
  type OfMeasures,
} from "@rrr/trainer";
import type { RunLimits } from "../spec/run-limits.ts";
import type { RunRetry } from "../spec/run-retry.ts";
import type { PresetSource, RunSpec } from "../spec/run-spec.ts";
import type { TrainingOutcome } from "./training-outcome.ts";

/** What `after` must beat for a reflection to be worth something; first the one without which the others say nothing. */
export const CONTROLS: readonly Measure[] = ["fresh", "blind", "donor", "passAt2", "matched"];

/** An evaluation's figures. */
export type EvaluationSummary = Pick<
  Evaluation,
  "rates" | "passAt" | "errored" | "errors" | "answers" | "problems" | "samples" | "rounds" | "asked"
> & {
  /** Episodes that are there, where that is not all of them: shares are bounds over all then. */
  readonly done?: number;
};

/** An evaluation's figures, and the outcomes that they are made from. */
export type Measured = EvaluationSummary & Pick<Evaluation, "table">;

/** What a run came to: the content of result.json. No times in it: the same seed gives the same result. */
export interface Result {
  readonly task: string;
  readonly model: string;
  readonly seed: number;
  /** Optimiser steps; 0 when the model was only evaluated. */
  readonly steps: number;
  readonly reward: "retry" | "random";
  /** Absent in runs of earlier versions, as `limits` is; or where nobody names a preset. */
  readonly preset?: { readonly name: string; readonly from: PresetSource };
  /** The most tokens of each turn, and who said so. */
  readonly limits?: RunLimits;
  /** How retries were asked for; absent where it was in a conversation, at the temperature of first attempts. */
  readonly retry?: RunRetry;
  /** What was asked in another way than the task has it, and what the task says of its problems; absent where nothing is said. */
  readonly notes?: readonly string[];
  /** What was not the same any more when the run was resumed, in words: its figures mix both. Absent without. */
  readonly changes?: readonly string[];
  /** What the model's chat template makes of earlier answers, where it does not show them to the letter. */
  readonly history?: TemplateHistory;
  /** How training ended and what it was warned of; absent where there is nothing to say. */
  readonly training?: TrainingOutcome;
  readonly before: EvaluationSummary;
  /** Absent without training. */
  readonly after?: EvaluationSummary;
  /** Each measure, after training against before. Absent without training. */
  readonly gains?: Readonly<OfMeasures<Comparison>>;
  /** `after` against each control, in the last evaluation. */
  readonly overControls: Readonly<OfMeasures<Comparison>>;
}

export type ResultHeader = Pick<
  Result,
  | "task"
  | "model"
  | "seed"
  | "steps"
  | "reward"
  | "preset"
  | "limits"
  | "retry"
  | "notes"
  | "changes"
  | "history"
  | "training"
>;

/** What a result says of a run's preset and limits, and of how it asked for retries. */
export function chosenOf({
  task: { options, presetFrom },
  limits,
  retry,
  plan,
}: Pick<RunSpec, "task" | "limits" | "retry" | "plan">): Pick<Result, "preset" | "limits" | "retry"> {
  const { layout = "conversation", temperature } = retry ?? {};
  const isAlike = temperature === undefined || temperature === plan.evaluation.temperature;
  return {
    ...(layout === "conversation" && isAlike
      ? {}
      : { retry: { layout, ...(isAlike ? {} : { temperature }) } }),
    ...(presetFrom === undefined ? {} : { preset: { name: String(options.preset), from: presetFrom } }),
    ...(limits === undefined ? {} : { limits }),
  };
}

/** The result of evaluations that were kept in the run store, or in memory by `evaluate`. */
export function toResult(
  { notes = [], ...others }: ResultHeader,
  before: Measured,
  after?: Measured,
): Result {
  const header = notes.length === 0 ? others : { ...others, notes };
  const last = after ?? before;
  const overControls = compareEach(CONTROLS, (control) => compareOutcomes([last, control], [last, "after"]));
  if (after === undefined) return { ...header, before: summaryOf(before), overControls };
  const gains = compareEach(measuresOf(before.rounds), (measure) =>
    compareOutcomes([before, measure], [after, measure]),
  );
  return { ...header, before: summaryOf(before), after: summaryOf(after), gains, overControls };
}

function summaryOf({ rates, passAt, errored, errors, answers, ...of }: Measured): EvaluationSummary {
  const { problems, samples, rounds, asked, done } = of;
  const open = done === undefined ? {} : { done };
  return { rates, passAt, errored, errors, answers, problems, samples, rounds, asked, ...open };
}

/** What comes of comparing each measure, without those that cannot be compared. */
export function compareEach(
  measures: readonly Measure[],
  compare: (measure: Measure) => Comparison | undefined,
): Readonly<OfMeasures<Comparison>> {
  const compared: OfMeasures<Comparison> = {};
  for (const measure of measures) {
    const comparison = compare(measure);
    if (comparison !== undefined) compared[measure] = comparison;
  }
  return compared;
}
