import { percent } from "../report/format.ts";
import type { Result } from "../report/result.ts";
import type { RunPlan } from "./run-spec.ts";

/** Share of problems that may error where nothing else is said. */
export const MOST_ERRORED = 0.05;

/** What errored, in words, where it is more than a plan allows; undefined where it is not. */
export function tooManyErrored(
  { before, after }: Result,
  { mostErrored = MOST_ERRORED }: Pick<RunPlan, "mostErrored">,
): string | undefined {
  const worst = [before, ...(after ? [after] : [])].reduce((a, b) => (shareOf(b) > shareOf(a) ? b : a));
  const share = shareOf(worst);
  if (share <= mostErrored) return undefined;
  const all = worst.problems * worst.samples;
  const units = worst.samples === 1 ? "problems" : "samples";
  return `${worst.errored} of ${all} ${units} errored (${percent(share)}); at most ${percent(mostErrored)} may.`;
}

function shareOf({ errored, problems, samples }: Result["before"]): number {
  return errored / (problems * samples);
}
