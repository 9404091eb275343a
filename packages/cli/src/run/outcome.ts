import { missedBars, type Result, type RunPlan, tooManyErrored } from "@rrr/runs";
import { failWith } from "../output/finish.ts";
import { complain } from "../output/print.ts";

/** Exit codes of a run that came to its end: a share is below a bar; too much errored to tell. */
const BELOW_BAR = 3;
const TOO_MANY_ERRORED = 4;
/** Training destroyed the policy and was ended; the figures are of an earlier checkpoint. */
const DIVERGED = 6;

/** Says what a finished run lacks, and sets the exit code. @param folder as it is shown */
export function printOutcome(result: Result, plan: RunPlan, folder: string): void {
  const missed = plan.kind === "evaluate" ? missedBars(result, plan.bars ?? []) : [];
  for (const line of missed) complain(line);
  if (missed.length > 0) failWith(BELOW_BAR);
  if (result.training?.diverged !== undefined) {
    const { step, text } = result.training.diverged;
    complain(`training diverged at step ${step}: ${text}. A lower --learning-rate or --kl 0.03 may keep it.`);
    failWith(DIVERGED);
  }
  const errored = tooManyErrored(result, plan);
  if (errored !== undefined) {
    complain(`${errored} \`rrr resume ${folder} --retry-errored\` asks for them again.`);
    failWith(TOO_MANY_ERRORED);
  }
  const { errored: count, problems, samples } = result.before;
  if (count === problems * samples) {
    complain(`everything errored; \`rrr show ${folder} --failed\` says why.`);
    failWith(1);
  }
}
