import { existsSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { RrrError } from "@rrr/core";
import { type TensorBoardLog, tensorBoardLog } from "@rrr/runs";

/**
 * Where a run's metrics go: nowhere unless that is asked for, or was when the run was begun.
 * @param asked a folder, of which each run gets one; true: `tensorboard/` in the run folder
 * @throws RrrError `bad-argument`
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
  if (existsSync(folder) && !statSync(folder).isDirectory()) {
    throw new RrrError("bad-argument", `--tensorboard ${asked}: that is no folder`, {
      hint: "What follows --tensorboard is taken for its folder: put the task before it.",
    });
  }
  return { folder, log: tensorBoardLog(join(folder, basename(runFolder))) };
}
