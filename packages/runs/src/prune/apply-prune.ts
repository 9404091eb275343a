import { rmdirSync } from "node:fs";
import { join, relative } from "node:path";
import { messageOf } from "@rrr/core";
import { lockRun } from "../store/run-lock.ts";
import { readStoredRun } from "../store/stored-run.ts";
import { bytesOf, planPrune } from "./plan-prune.ts";
import { prunableOf } from "./prunable.ts";
import type { LeftAlone, Prunable, PruneOutcome, PrunePlan, PruneSettings } from "./prune-plan.ts";
import { kindOf, removeCheckpoint, removeRunFiles } from "./run-files.ts";

const FOREIGN = "keeps its folder: it holds files that rrr did not write";

/**
 * Removes what was planned, as far as it may still go: each run is locked and looked at once more. Of a run
 * and of a checkpoint the files go that rrr wrote; a folder stays if it holds others.
 */
export function applyPrune({ cwd, settings, remove }: PrunePlan): PruneOutcome {
  const current = new Set(planPrune(cwd, settings).remove.map(({ path }) => path));
  const removed: Prunable[] = [];
  const left: LeftAlone[] = [];
  for (const name of new Set(remove.map(({ run }) => run))) {
    const planned = remove.filter(({ run }) => run === name);
    const folder = join(cwd, "runs", name);
    try {
      const items = planned.filter(({ path }) => current.has(path));
      if (items.length > 0) removeFrom(folder, items, settings, (item) => removed.push(item));
    } catch (error) {
      left.push({ name, reason: messageOf(error).replace(`${folder} `, "") });
      continue;
    }
    if (!planned.every((item) => removed.includes(item))) {
      left.push({ name, reason: "is in use by now, or is not what it was" });
    } else if (planned.some(({ kind }) => kind === "run") && kindOf(folder) !== "nothing") {
      left.push({ name, reason: FOREIGN });
    }
    for (const { path, kind } of planned) {
      if (kind !== "checkpoint" || kindOf(path) === "nothing" || !removed.some((item) => item.path === path))
        continue;
      left.push({ name: relative(join(cwd, "runs"), path), reason: FOREIGN });
    }
  }
  return { removed, bytes: bytesOf(removed), left };
}

function removeFrom(
  folder: string,
  items: readonly Prunable[],
  settings: PruneSettings,
  onRemoved: (item: Prunable) => void,
): void {
  const [{ run: name } = { run: "" }] = items;
  const unlock = lockRun(folder);
  try {
    // It may have been resumed, and have ended again, until the lock was ours.
    const still = new Set(prunableOf(name, readStoredRun(folder), settings).map(({ path }) => path));
    for (const item of items.filter(({ path }) => still.has(path))) {
      if (item.kind === "run") removeRunFiles(folder);
      else removeCheckpoint(item.path);
      onRemoved(item);
    }
  } finally {
    unlock();
  }
  if (!items.some(({ kind }) => kind === "run")) return;
  for (const path of ["checkpoints", "tensorboard", "."]) removeIfEmpty(join(folder, path));
}

function removeIfEmpty(folder: string): void {
  if (kindOf(folder) !== "folder") return;
  try {
    rmdirSync(folder);
  } catch {
    // Somebody else's files are in it.
  }
}
