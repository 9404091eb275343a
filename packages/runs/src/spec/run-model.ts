import { RrrError } from "@rrr/core";
import { findRun } from "../read/find-runs.ts";
import { openRunReader } from "../read/run-reader.ts";

const NAMED = /^(.+)@(best|last)$/;

/**
 * The folder of a run's checkpoint, named as `runs/a@last`, or `runs/a@best`: the one that its figures are of, the last where
 * none was chosen. Undefined for any other name.
 * @throws RrrError `bad-run` where there is no such run, or it has no checkpoint
 */
export function checkpointNamed(name: string, cwd: string): string | undefined {
  const [, run, which] = NAMED.exec(name) ?? [];
  if (run === undefined || run.includes(":")) return undefined;
  const { folder } = findRun(run, cwd);
  const reader = openRunReader(folder);
  try {
    const checkpoints = reader.checkpoints();
    const measured = which === "best" ? checkpoints.find(({ isMeasured }) => isMeasured) : undefined;
    const found = measured ?? checkpoints.at(-1);
    if (found !== undefined) return found.folder;
    throw new RrrError("bad-run", `${folder} has no checkpoint`, {
      hint: "Its training has not come to one, or they were removed.",
    });
  } finally {
    reader.close();
  }
}
