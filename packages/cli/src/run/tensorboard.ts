import { existsSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { RrrError } from "@rrr/core";
import { type TensorBoardLog, tensorBoardLog } from "@rrr/runs";

/** Before anything is begun. @throws RrrError `bad-argument` where a task is taken for the folder */
export function checkTensorBoard(asked: string | boolean | undefined): void {
  if (typeof asked !== "string" || !existsSync(asked) || statSync(asked).isDirectory()) return;
  throw new RrrError("bad-argument", `--tensorboard ${asked}: that is no folder`, {
    hint: "What follows --tensorboard is taken for its folder: put the task before it.",
  });
}

/**
 * Where a run's metrics go: nowhere unless that is asked for, or was when the run was begun.
 * @param asked a folder, of which each run gets one; true: `tensorboard/` in the run folder
 */
export function openTensorBoard(
  runFolder: string,
  asked: string | boolean | undefined,
): { readonly folder: string; readonly log: TensorBoardLog } | undefined {
  const own = join(runFolder, "tensorboard");
  if (typeof asked !== "string") {
    if (asked === false || (asked === undefined && !existsSync(own))) return undefined;
    return { folder: own, log: tensorBoardLog(own) };
  }
  const folder = resolve(asked);
  return { folder, log: tensorBoardLog(join(folder, basename(runFolder))) };
}
