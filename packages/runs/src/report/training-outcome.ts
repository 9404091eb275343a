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
  /** What chose it: its score on problems that nothing else is measured on; or the retries of the steps after it. */
  readonly by: ProbeChoice | { readonly kind: "retries" };
}

interface ProbeChoice extends ProbeScore {
  readonly kind: "probe";
  /** Of how many it has the highest score, and how many of them have the same: of these it is the earliest. */
  readonly checkpoints: number;
  readonly equal: number;
  /** Whether with what errored another one may have had more. */
  readonly isOpen: boolean;
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
      by: score === undefined ? { kind: "retries" } : choice(score, probes),
    },
    ...(end.diverged === undefined ? {} : { diverged: { step: end.diverged, text } }),
    warnings,
  };
}

function choice(score: ProbeScore, probes: readonly ProbeScore[]): ProbeChoice {
  const others = probes.filter(({ step }) => step !== score.step);
  return {
    ...{ kind: "probe", ...score, checkpoints: probes.length },
    equal: others.filter(({ passed }) => passed === score.passed).length + 1,
    isOpen: others.some(({ step, passed, errored }) => {
      const most = passed + errored;
      return most > score.passed || (most === score.passed && step < score.step);
    }),
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
  const errored = by.errored > 0 ? `, ${by.errored} errored` : "";
  const score = `${by.passed} of ${by.of}${errored}`;
  const best = by.equal > 1 ? `the earliest of ${by.equal} that are best` : "the best";
  const open = by.isOpen ? " What errored counted as failed, and could have chosen another." : "";
  return `“After training” is ${which}, ${best} of ${by.checkpoints} by success after reflection on held-out problems of its own (${score}), which are none of those in the table.${open}`;
}
