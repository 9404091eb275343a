import { statSync } from "node:fs";
import { databasePath } from "../store/database.ts";
import { measuredStep } from "../store/measured-step.ts";
import type { StoredRun } from "../store/stored-run.ts";
import type { Prunable, PruneSettings } from "./prune-plan.ts";
import {
  bytesOfCheckpoint,
  bytesOfRun,
  olderCheckpoints,
  stepOfCheckpoint,
  unfinishedIn,
} from "./run-files.ts";
import { sizeOnDisk } from "./size-on-disk.ts";

/** What can go of a run that nobody is writing: all of it, its older checkpoints, or nothing. */
export function prunableOf(name: string, run: StoredRun, settings: PruneSettings): readonly Prunable[] {
  const { folder, status } = run;
  const endedAt = run.endedAt ?? lastWritten(folder);
  if (isWhole(run, endedAt, settings)) {
    return [{ kind: "run", run: name, path: folder, bytes: bytesOfRun(folder), status, endedAt }];
  }
  // One that goes on may need an older one, should the newest be damaged.
  const measured = measuredStep(run);
  const older =
    status === "finished"
      ? olderCheckpoints(folder).filter((path) => stepOfCheckpoint(path) !== measured)
      : [];
  const checkpoint = (path: string, bytes: number): Prunable => ({
    kind: "checkpoint",
    run: name,
    path,
    bytes,
  });
  return [
    ...unfinishedIn(folder).map((path) => checkpoint(path, sizeOnDisk(path))),
    ...older.map((path) => checkpoint(path, bytesOfCheckpoint(path))),
  ];
}

function isWhole({ status }: StoredRun, endedAt: string, settings: PruneSettings): boolean {
  const { olderThanMs, failed = false, nowMs = Date.now() } = settings;
  if (olderThanMs === undefined && !failed) return false;
  const isOld = olderThanMs === undefined || nowMs - Date.parse(endedAt) > olderThanMs;
  return isOld && (!failed || status === "failed");
}

/** A process that was killed could not note when. */
function lastWritten(folder: string): string {
  const path = databasePath(folder);
  const times = [path, `${path}-wal`].map((each) => statSync(each, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return new Date(Math.max(...times)).toISOString();
}
