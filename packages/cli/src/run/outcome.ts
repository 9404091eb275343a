import { type Bar, missedBars, type Result } from "@rrr/runs";

/** Exit code of an evaluation that was made and is below a bar. */
const BELOW_BAR = 3;

/** Says what a finished run lacks, and sets the exit code. */
export function printOutcome(result: Result, bars: readonly Bar[] = []): void {
  const missed = missedBars(result, bars);
  for (const line of missed) process.stderr.write(`rrr: ${line}\n`);
  if (missed.length > 0) process.exitCode = BELOW_BAR;
  const { errored, problems, samples } = result.before;
  if (errored === problems * samples) {
    process.stderr.write("rrr: everything errored; `rrr show <run> --failed` says why.\n");
    process.exitCode = 1;
  }
}
