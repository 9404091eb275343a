import type { StepFigures } from "@rrr/trainer";
import type { ProbeScore } from "../store/training-rows.ts";

/** Steps after a checkpoint whose retries tell what it is worth: the first is sampled with its very weights. */
export const STEPS_AFTER = 3;

/**
 * The checkpoint whose following steps' retries passed most often: what is known where no problems are set apart to choose.
 * @param checkpoints steps that there is one of
 * @returns undefined where no step came after any of them
 */
export function bestByRetries(
  checkpoints: readonly number[],
  figures: readonly StepFigures[],
): number | undefined {
  const rated = checkpoints.flatMap((checkpoint) => {
    const after = figures.filter(({ step }) => step > checkpoint && step <= checkpoint + STEPS_AFTER);
    const rates = after.flatMap(({ groups }) => groups.map(({ passed, of }) => passed / of));
    return rates.length === 0
      ? []
      : [{ checkpoint, rate: rates.reduce((sum, rate) => sum + rate, 0) / rates.length }];
  });
  return rated.reduce<(typeof rated)[number] | undefined>(
    (best, each) => (best === undefined || each.rate > best.rate ? each : best),
    undefined,
  )?.checkpoint;
}

/** The highest score; of equal ones the earliest, which has moved least. */
export function bestProbe(scores: readonly ProbeScore[]): ProbeScore | undefined {
  return scores.reduce<ProbeScore | undefined>(
    (best, score) => (best === undefined || score.passed > best.passed ? score : best),
    undefined,
  );
}
