/** What rrr itself writes into a run's folder: nothing else in it is ever removed. */
import { lstatSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { isComplete, isUnfinished, ownFiles, removeOwnFiles } from "@rrr/trainer";
import { isEventFile } from "../trackers/tensorboard.ts";
import { namesIn, sizeOnDisk } from "./size-on-disk.ts";

const CHECKPOINT = /^step-(\d{6,})$/;
const isCheckpoint = (name: string): boolean => CHECKPOINT.test(name);

/** The database comes last: until it goes, the folder is known for a run, and a removal that was cut short can be repeated. */
const FILES = ["result.json", "report.txt", "run.db-journal", "run.db-wal", "run.db-shm", "run.db"];

/** Bytes that go with the run. */
export function bytesOfRun(folder: string): number {
  const whole = [...unfinishedIn(folder), ...filesOf(folder)].map(sizeOnDisk);
  return [...whole, ...checkpointsOf(folder).map(bytesOfCheckpoint)].reduce((sum, bytes) => sum + bytes, 0);
}

/** Removes what goes with the run. @throws Error where the disk does not let it */
export function removeRunFiles(folder: string): void {
  for (const path of checkpointsOf(folder)) removeOwnFiles(path);
  removeUnfinished(folder);
  for (const path of filesOf(folder)) rmSync(path);
}

function filesOf(folder: string): readonly string[] {
  const own = [...eventFilesOf(folder), ...FILES.map((name) => join(folder, name))];
  return own.filter((path) => kindOf(path) === "file");
}

/** Metrics for TensorBoard. */
function eventFilesOf(folder: string): readonly string[] {
  const root = join(folder, "tensorboard");
  if (kindOf(root) !== "folder") return [];
  return namesIn(root)
    .filter(isEventFile)
    .map((name) => join(root, name));
}

/** Checkpoints that may go while one stays that is whole, the oldest first. */
export function olderCheckpoints(folder: string): readonly string[] {
  const checkpoints = checkpointsOf(folder);
  if (checkpoints.length < 2) return [];
  const newest = checkpoints.findLastIndex(isComplete);
  return checkpoints.slice(0, Math.max(0, newest)).filter((path) => ownFiles(path).length > 0);
}

/** What a killed save left goes whole. */
export function removeCheckpoint(path: string): void {
  if (isUnfinished(basename(path))) rmSync(path, { recursive: true });
  else removeOwnFiles(path);
}

export function bytesOfCheckpoint(path: string): number {
  return ownFiles(path).reduce((sum, file) => sum + sizeOnDisk(file), 0);
}

/** Folders of a run's checkpoints, the oldest first. */
export function checkpointsOf(folder: string): readonly string[] {
  return inCheckpoints(folder, isCheckpoint, (a, b) => stepOfCheckpoint(a) - stepOfCheckpoint(b));
}

/** Of a folder of `checkpointsOf`. */
export function stepOfCheckpoint(path: string): number {
  return Number(CHECKPOINT.exec(basename(path))?.[1]);
}

/** Half-saved checkpoints of a run, which has one writer: whoever asks must be that, or know that there is none. */
export function unfinishedIn(folder: string): readonly string[] {
  return inCheckpoints(folder, isUnfinished, () => 0);
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
  isWanted: (name: string) => boolean,
  order: (a: string, b: string) => number,
): readonly string[] {
  const root = join(folder, "checkpoints");
  if (kindOf(root) !== "folder") return [];
  const names = namesIn(root).filter((name) => isWanted(name) && kindOf(join(root, name)) === "folder");
  return names.toSorted(order).map((name) => join(root, name));
}
