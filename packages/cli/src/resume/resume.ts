import { RrrError } from "@rrr/core";
import type { StoredRun } from "@rrr/runs";
import { findRun, findRuns, sameRun } from "@rrr/runs";
import { evaluatePlugin } from "../eval/eval.ts";
import type { EvalFlags } from "../eval/eval-plan.ts";
import { run } from "../run/run.ts";
import type { RunFlags } from "../run/run-plan.ts";

/** The options of `rrr resume`. */
export interface ResumeFlags
  extends Pick<EvalFlags, "maxTokensTotal" | "maxCost" | "maxTime" | "quiet" | "json"> {
  readonly retryErrored?: true;
}

/** `rrr resume`: the command that began the run once more, on its folder. @throws RrrError `bad-run` */
export async function resume(name: string | undefined, flags: ResumeFlags): Promise<void> {
  const cwd = process.cwd();
  const stored = name === undefined ? newestOpen(cwd) : findRun(name, cwd);
  const { retryErrored = false, ...given } = flags;
  if (stored.status === "finished" && !retryErrored) {
    throw new RrrError("bad-run", `${stored.folder} is finished`, {
      hint: "`rrr show` prints what it came to; --retry-errored asks once more for what errored.",
    });
  }
  const { plugin, flags: begun, cwd: begunIn } = invocationOf(stored);
  const open = sameRun(stored, retryErrored);
  // A budget was spent, a display was wanted: by the command that was stopped, not by this one.
  const { maxTokensTotal: _1, maxCost: _2, maxTime: _3, quiet: _4, json: _5, ...lasting } = begun;
  if (stored.command === "eval") {
    await evaluatePlugin(plugin, { ...(lasting as EvalFlags), ...given }, begunIn, open);
  } else {
    const { quiet, json, ...budget } = given;
    const [unused] = Object.keys(budget);
    if (unused !== undefined) {
      throw new RrrError("bad-argument", `${stored.folder} is a run that trains: it has no budget`, {
        hint: "Leave --max-tokens-total, --max-cost and --max-time out.",
      });
    }
    const watched = { ...(quiet ? { quiet } : {}), ...(json ? { json } : {}) };
    await run(plugin, { ...(lasting as RunFlags), ...watched }, begunIn, open);
  }
}

function newestOpen(cwd: string): StoredRun {
  // One that is damaged is not the one that is meant.
  for (const found of findRuns(cwd)) {
    if (found.kind === "run" && found.run.status !== "finished") return found.run;
  }
  throw new RrrError("bad-run", "no run below runs/ is unfinished", { hint: "`rrr runs` lists them." });
}

interface Invocation {
  readonly plugin: string;
  readonly flags: Partial<EvalFlags>;
  /** Paths on the command line are relative to it. */
  readonly cwd: string;
}

function invocationOf({ folder, invocation }: StoredRun): Invocation {
  const { plugin, flags, cwd } = invocation;
  if (typeof plugin === "string" && typeof cwd === "string" && typeof flags === "object" && flags !== null) {
    return { plugin, flags, cwd };
  }
  throw new RrrError("bad-run", `${folder} does not say how it was begun`, {
    hint: "A program wrote it; it can only be looked at.",
  });
}
