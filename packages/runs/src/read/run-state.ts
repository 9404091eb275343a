import { openDatabase } from "../store/database.ts";
import { isLocked } from "../store/run-lock.ts";
import type { RunStatus } from "../store/schema.ts";
import { storedRun } from "../store/stored-run.ts";

/** What a run's status and its lock say together. `interrupted`: it was running, and no process is writing it: it was killed. */
export type RunState = RunStatus | "interrupted";

/** @param status as run.db had it: a process that is killed cannot change it, and one that ends does before it lets go */
export function runState({
  status,
  folder,
}: {
  readonly status: RunStatus;
  readonly folder: string;
}): RunState {
  if (status !== "running" || isLocked(folder)) return status;
  const now = statusIn(folder);
  return now === "running" ? "interrupted" : now;
}

function statusIn(folder: string): RunStatus {
  const db = openDatabase(folder, "read");
  try {
    return storedRun(db, folder).status;
  } finally {
    db.close();
  }
}
