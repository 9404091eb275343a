import { retryPassed } from "../train/reward.ts";
import type { StepReport } from "../train/step-report.ts";

/** What of a training step tells how training goes: of a report, or of the rows that a run keeps. */
export interface StepFigures {
  /** Counted from 1. */
  readonly step: number;
  /** Retries of each failure that came to a verdict, and those of them that passed; groups without any are left out. */
  readonly groups: readonly { readonly passed: number; readonly of: number }[];
  /** Groups that carried a gradient, and those whose rewards were all equal. */
  readonly kept: number;
  readonly dropped: number;
  /** Reflections, those of them that were cut off at the limit, and different texts among them. */
  readonly reflections: number;
  readonly cut: number;
  readonly distinct: number;
  /** Of the last update: nats a token, and the gradient's norm before clipping. Absent where nothing was learned. */
  readonly update?: { readonly kl: number; readonly entropy: number; readonly gradNorm: number };
}

export function figuresOf({
  step,
  groups,
  kept,
  dropped,
  update,
}: Pick<StepReport, "step" | "groups" | "kept" | "dropped"> &
  Partial<Pick<StepReport, "update">>): StepFigures {
  const verdicts = groups.map(({ episodes_G }) =>
    episodes_G.map(retryPassed).filter((passed) => passed !== undefined),
  );
  const reflections = groups.flatMap(({ episodes_G }) =>
    episodes_G.flatMap((episode) => (episode.kind === "reflected" ? [episode.reflection.completion] : [])),
  );
  return {
    step,
    groups: verdicts.flatMap((all) =>
      all.length === 0 ? [] : [{ passed: all.reduce<number>((sum, one) => sum + one, 0), of: all.length }],
    ),
    kept,
    dropped,
    reflections: reflections.length,
    cut: reflections.filter(({ finish }) => finish === "length").length,
    distinct: new Set(reflections.map(({ text }) => text)).size,
    ...(update === undefined
      ? {}
      : { update: { kl: update.kl, entropy: update.entropyEstimate, gradNorm: update.gradNorm } }),
  };
}
