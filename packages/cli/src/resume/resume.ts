import { RrrError } from "@rrr/core";
import { findRun, findRuns, resumeRun, runState, type StoredRun, untrusted } from "@rrr/runs";
import { type EvalFlags, toLimits } from "../eval/eval.ts";
import { askToAllow } from "../output/allow.ts";
import { complain } from "../output/print.ts";
import { follow, type OutputFlags } from "../run/follow.ts";

/** The options of `rrr resume`. */
export interface ResumeFlags
  extends Pick<EvalFlags, "maxTokensTotal" | "maxCost" | "maxTime" | "header" | "quiet" | "json">,
    Pick<OutputFlags, "tensorboard"> {
  readonly retryErrored?: true;
  readonly acceptChanges?: true;
  readonly force?: true;
  /** As `plugin=./my-task.mjs` each. */
  readonly allow?: readonly string[];
}

/** `rrr resume`. @throws RrrError `bad-run` */
export async function resume(name: string | undefined, flags: ResumeFlags): Promise<void> {
  const cwd = process.cwd();
  const run = name === undefined ? newestOpen(cwd) : findRun(name, cwd);
  const { folder, spec } = run;
  const named = flags.allow ?? [];
  // One that is refused for another reason is not asked about.
  const isAsked = spec !== undefined && (run.status !== "finished" || flags.retryErrored === true);
  const asked = isAsked ? await askToAllow(run, untrusted(run, { allow: named }, cwd)) : [];
  const allow = [...named, ...asked];
  const { header: headers = {} } = flags;
  const retryErrored = flags.retryErrored === true;
  const acceptChanges = flags.acceptChanges === true;
  const force = flags.force === true;
  const options = {
    limits: toLimits(flags),
    headers,
    retryErrored,
    acceptChanges,
    force,
    allow,
    onWarning: complain,
  };
  await follow(() => resumeRun(folder, options), flags);
}

function newestOpen(cwd: string): StoredRun {
  // One that is damaged is not the one that is meant, nor one that cannot be resumed.
  for (const found of findRuns(cwd)) {
    if (found.kind !== "run" || found.run.spec === undefined) continue;
    // Nor one that another process is writing.
    if (!["finished", "running"].includes(runState(found.run))) return found.run;
  }
  throw new RrrError("bad-run", "no run below runs/ waits to be resumed", { hint: "`rrr runs` lists them." });
}
