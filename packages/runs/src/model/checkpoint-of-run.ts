/** Which checkpoint of a run is meant where a run is named as a model. */
import { existsSync } from "node:fs";
import { RrrError } from "@rrr/core";
import { checkpointsOf, stepOfCheckpoint } from "../prune/run-files.ts";
import { findRun } from "../read/find-runs.ts";
import { databasePath } from "../store/database.ts";
import { measuredStep } from "../store/measured-step.ts";
import { readStoredRun } from "../store/stored-run.ts";

const NAMED = /^(.+)@(best|last)$/;

/**
 * The folder of the checkpoint that a name means: `runs/a@best` is the one that the run's figures are of, `runs/a@last` its
 * newest. Undefined for any other name.
 * @throws RrrError `bad-run` where there is no such run, `bad-model` where it has no checkpoint
 */
export function checkpointNamed(name: string, cwd: string): string | undefined {
  const [, run, which] = NAMED.exec(name) ?? [];
  if (run === undefined || run.includes(":")) return undefined;
  const { folder } = findRun(run, cwd);
  return which === "last" ? newestOf(folder) : checkpointOfRun(folder);
}

/**
 * The folder of a model that a folder stands for: that of a run is the checkpoint that its figures are of, the newest where
 * none was chosen; any other is itself.
 * @throws RrrError `bad-model` for a run without that checkpoint; `bad-run` for a damaged one
 */
export function checkpointOfRun(folder: string): string {
  if (!existsSync(databasePath(folder))) return folder;
  const measured = measuredStep(readStoredRun(folder));
  if (measured === undefined) return newestOf(folder);
  const found = checkpointsOf(folder).find((path) => stepOfCheckpoint(path) === measured);
  if (found !== undefined) return found;
  throw new RrrError(
    "bad-model",
    `the run ${folder} lacks its checkpoint of step ${measured}, which counts`,
    {
      hint: `It was removed. ${folder}@last is its newest one, which no figure is of.`,
    },
  );
}

function newestOf(folder: string): string {
  const newest = checkpointsOf(folder).at(-1);
  if (newest !== undefined) return newest;
  throw new RrrError("bad-model", `the run ${folder} has no checkpoints`, {
    hint: "Name a run that trained, or a model's folder.",
  });
}
