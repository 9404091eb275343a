import type { OpenedRun, Result } from "@rrr/runs";
import { onInterruption } from "./on-interruption.ts";
import { createRunOutput, type OutputFlags, type RunOutput } from "./run-output.ts";

/** Opens a run, does its work, and ends its output in whatever way the work ends. */
export async function withOutput(
  open: () => OpenedRun,
  flags: OutputFlags,
  work: (output: RunOutput) => Promise<Result>,
): Promise<Result> {
  let output: RunOutput | undefined;
  const ignore = onInterruption(() => output?.stop());
  try {
    output = createRunOutput(open(), flags);
    const result = await work(output);
    output.finish(result);
    return result;
  } catch (error) {
    output?.fail(error);
    throw error;
  } finally {
    ignore();
  }
}
