/** How training ended, and what it was warned of: part of a result only where there is something to say. */
import { createWatch, fallText, type TrainingWarning } from "@rrr/trainer";
import type { ProbeScore, TrainingRows } from "../store/training-rows.ts";

export interface TrainingOutcome {
  /** The checkpoint that `after` measures, where it was chosen. */
  readonly measured?: MeasuredCheckpoint;
  /** Training destroyed the policy, and was ended at this step. */
  readonly diverged?: { readonly step: number; readonly text: string };
  readonly warnings: readonly TrainingWarning[];
}

export interface MeasuredCheckpoint {
  readonly step: number;
  /**
   * What chose it: its score on problems that nothing else is measured on, and of how many checkpoints it is the highest; or
   * the retries of the steps after it.
   */
  readonly by:
    | ({ readonly kind: "probe"; readonly checkpoints: number } & ProbeScore)
    | { readonly kind: "retries" };
}

export function trainingOutcome(
  rows: Pick<TrainingRows, "steps" | "probes" | "trainingEnd">,
): TrainingOutcome | undefined {
  const watch = createWatch();
  const watched = rows.steps().map(watch);
  const warnings = watched.flatMap((each) => each.warnings);
  const end = rows.trainingEnd();
  if (end === undefined) return warnings.length === 0 ? undefined : { warnings };
  const probes = rows.probes();
  const score = probes.find(({ step }) => step === end.measured);
  const fall = watched.findLast(({ collapse }) => collapse !== undefined)?.collapse;
  const text = fall === undefined ? "a loss, a gradient or a weight was no finite number" : fallText(fall);
  return {
    measured: {
      step: end.measured,
      by: score === undefined ? { kind: "retries" } : { kind: "probe", ...score, checkpoints: probes.length },
    },
    ...(end.diverged === undefined ? {} : { diverged: { step: end.diverged, text } }),
    warnings,
  };
}

/** In sentences, for a report. */
export function trainingLines({ measured, diverged, warnings }: TrainingOutcome): readonly string[] {
  return [
    ...(diverged === undefined
      ? []
      : [`TRAINING DIVERGED and was ended at step ${diverged.step}: ${diverged.text}.`]),
    ...(measured === undefined ? [] : [measuredLine(measured)]),
    ...warnings.map(({ step, text }) => `Warning at step ${step}: ${text}.`),
  ];
}

function measuredLine({ step, by }: MeasuredCheckpoint): string {
  const which = step === 0 ? "the model from before training" : `the checkpoint of step ${step}`;
  if (by.kind === "retries") {
    return `“After training” is ${which}: in training, retries passed most often after it. No held-out problem chose it.`;
  }
  const score = `${by.passed} of ${by.of}`;
  return `“After training” is ${which}, the best of ${by.checkpoints} by success after reflection on held-out problems of its own (${score}), which are none of those in the table.`;
}
