import { isLocked } from "../store/run-lock.ts";
import type { RunStatus } from "../store/schema.ts";

/** What a run's status and its lock say together. `interrupted`: it was running, and no process is writing it: it was killed. */
export type RunState = RunStatus | "interrupted";

/** @param status as run.db has it: a process that is killed cannot change it */
export function runState({
  status,
  folder,
}: {
  readonly status: RunStatus;
  readonly folder: string;
}): RunState {
  return status === "running" && !isLocked(folder) ? "interrupted" : status;
}
