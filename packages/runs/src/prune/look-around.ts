import { join, resolve } from "node:path";
import { messageOf } from "@rrr/core";
import { databasePath } from "../store/database.ts";
import { isLocked, lockRun } from "../store/run-lock.ts";
import { readStoredRun, type StoredRun } from "../store/stored-run.ts";
import type { LeftAlone } from "./prune-plan.ts";
import { kindOf } from "./run-files.ts";
import { namesIn } from "./size-on-disk.ts";

export interface Surroundings {
  /** Runs that nobody is writing, by their names below `runs/`. */
  readonly idle: ReadonlyMap<string, StoredRun>;
  /** Folders that hold the models of runs that are not finished: those runs need them to go on. */
  readonly models: readonly string[];
  readonly left: readonly LeftAlone[];
}

/** What is below `runs/`, and what of it is nobody else's. */
export function lookAround(cwd: string): Surroundings {
  const root = join(resolve(cwd), "runs");
  const idle = new Map<string, StoredRun>();
  const models: string[] = [];
  const left: LeftAlone[] = [];
  for (const name of namesIn(root)) {
    const folder = join(root, name);
    const stranger = strangerAt(folder);
    if (stranger !== undefined) {
      if (stranger !== "") left.push({ name, reason: stranger });
      continue;
    }
    try {
      const run = readStoredRun(folder);
      if (run.status !== "finished") models.push(modelOf(run));
      const reason = busy(folder);
      if (reason === undefined) idle.set(name, run);
      else left.push({ name, reason });
    } catch (error) {
      left.push({ name, reason: `cannot be read: ${messageOf(error)}` });
    }
  }
  return { idle, models, left };
}

/** Why a path below `runs/` is no run; empty for a file, of which nobody would think that it was one. */
function strangerAt(folder: string): string | undefined {
  const kind = kindOf(folder);
  if (kind === "link") return "is a link";
  if (kind !== "folder") return "";
  const database = kindOf(databasePath(folder));
  if (database === "file") return undefined;
  return database === "link" ? "has a link for its run.db" : "is no run";
}

function busy(folder: string): string | undefined {
  // Where nobody holds the lock it is not taken: that would keep others out for a moment.
  if (!isLocked(folder)) return undefined;
  try {
    lockRun(folder)();
    return undefined;
  } catch (error) {
    return messageOf(error).replace(`${folder} `, "");
  }
}

function modelOf({ model, spec }: StoredRun): string {
  return spec?.model.folder ?? resolve(model);
}
