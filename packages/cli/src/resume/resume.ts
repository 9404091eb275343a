import { RrrError } from "@rrr/core";
import { findRun, findRuns, resumeRun, type StoredRun } from "@rrr/runs";
import { type EvalFlags, toLimits } from "../eval/eval.ts";
import { say } from "../output/print.ts";
import { follow } from "../run/follow.ts";

/** The options of `rrr resume`. */
export interface ResumeFlags
  extends Pick<EvalFlags, "maxTokensTotal" | "maxCost" | "maxTime" | "header" | "quiet" | "json"> {
  readonly retryErrored?: true;
}

/** `rrr resume`. @throws RrrError `bad-run` */
export async function resume(name: string | undefined, flags: ResumeFlags): Promise<void> {
  const cwd = process.cwd();
  const { folder } = name === undefined ? newestOpen(cwd) : findRun(name, cwd);
  const onWarning = (text: string): void => say(`rrr: ${text}\n`);
  const { header: headers = {} } = flags;
  const options = { limits: toLimits(flags), headers, retryErrored: flags.retryErrored === true, onWarning };
  await follow(() => resumeRun(folder, options), flags);
}

function newestOpen(cwd: string): StoredRun {
  // One that is damaged is not the one that is meant, nor one that cannot be resumed.
  for (const found of findRuns(cwd)) {
    if (found.kind === "run" && found.run.status !== "finished" && found.run.spec !== undefined)
      return found.run;
  }
  throw new RrrError("bad-run", "no run below runs/ is unfinished", { hint: "`rrr runs` lists them." });
}
