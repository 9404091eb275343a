/** What rrr itself writes into a run's folder: nothing else in it is ever removed. */
import { lstatSync, rmSync } from "node:fs";
import { join } from "node:path";
import { namesIn } from "./size-on-disk.ts";

const CHECKPOINT = /^step-(\d{6,})$/;
/** What a save that was killed leaves behind: the process that it was of, and a number. */
const UNFINISHED = /^\.step-\d{6,}\.tmp-\d+-\d+$/;

/** The database comes last: until it goes, the folder is known for a run, and a removal that was cut short can be repeated. */
const FILES = ["result.json", "report.txt", "run.db-journal", "run.db-wal", "run.db-shm", "run.db"];

/** Paths in a run's folder that go with the run, in the order in which they go. */
export function filesOf(folder: string): readonly string[] {
  const files = FILES.map((name) => join(folder, name));
  return [
    ...checkpointsOf(folder),
    ...unfinishedIn(folder),
    ...files.filter((path) => kindOf(path) === "file"),
  ];
}

/** Folders of a run's checkpoints, the oldest first. */
export function checkpointsOf(folder: string): readonly string[] {
  const stepOf = (name: string): number => Number(CHECKPOINT.exec(name)?.[1]);
  return inCheckpoints(folder, CHECKPOINT, (a, b) => stepOf(a) - stepOf(b));
}

/** Half-saved checkpoints of a run, which has one writer: whoever asks must be that, or know that there is none. */
export function unfinishedIn(folder: string): readonly string[] {
  return inCheckpoints(folder, UNFINISHED, () => 0);
}

/** Removes them. @throws Error where the disk does not let it */
export function removeUnfinished(folder: string): void {
  for (const path of unfinishedIn(folder)) rmSync(path, { recursive: true, force: true });
}

/** Of what is there itself: a link is a link, wherever it leads. */
export function kindOf(path: string): "file" | "folder" | "link" | "nothing" {
  const entry = lstatSync(path, { throwIfNoEntry: false });
  if (entry === undefined) return "nothing";
  if (entry.isSymbolicLink()) return "link";
  return entry.isDirectory() ? "folder" : "file";
}

function inCheckpoints(
  folder: string,
  pattern: RegExp,
  order: (a: string, b: string) => number,
): readonly string[] {
  const root = join(folder, "checkpoints");
  if (kindOf(root) !== "folder") return [];
  const names = namesIn(root).filter((name) => pattern.test(name) && kindOf(join(root, name)) === "folder");
  return names.toSorted(order).map((name) => join(root, name));
}
