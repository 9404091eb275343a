import { messageOf } from "@rrr/core";
import type { Share } from "@rrr/trainer";
import { sizeOnDisk } from "../prune/size-on-disk.ts";
import type { RunStatus } from "../store/schema.ts";
import { findRuns } from "./find-runs.ts";
import { openRunReader } from "./run-reader.ts";

/** A run in the list; figures are of its last evaluation, undefined until the run is finished. */
export type ListedRun =
  | {
      readonly name: string;
      readonly command: "run" | "eval";
      readonly task: string;
      readonly model: string;
      readonly status: RunStatus;
      readonly startedAt: string;
      /** Of the run's folder. */
      readonly bytes: number;
      /** Episodes of its last evaluation that errored, also while that goes on. */
      readonly errored: number | undefined;
      readonly problems: number | undefined;
      /** Bounds in place of a value where problems errored. */
      readonly first: Share | undefined;
      readonly after: Share | undefined;
    }
  /** One that cannot be read is listed, not fatal. */
  | { readonly name: string; readonly error: string; readonly bytes: number };

/** The runs below `runs/`, the newest first. */
export function listRuns(cwd: string): readonly ListedRun[] {
  return findRuns(cwd).map((found) => {
    const { name, folder } = found;
    const bytes = sizeOnDisk(folder);
    if (found.kind === "unreadable") return { name, error: found.error, bytes };
    try {
      return { name, ...describe(folder), bytes };
    } catch (error) {
      return { name, error: messageOf(error), bytes };
    }
  });
}

function describe(folder: string): Omit<Extract<ListedRun, { task: string }>, "name" | "bytes"> {
  const reader = openRunReader(folder);
  try {
    const { command, task, model, status, startedAt } = reader.run;
    const last = reader.stages.at(-1);
    const measured = last === undefined ? undefined : reader.measured(last);
    const known = { command, task, model, status, startedAt, errored: measured?.errored };
    // What is solved at once comes first: shares of an unfinished run would be too high.
    const { problems, rates } = (status === "finished" ? measured : undefined) ?? {};
    return { ...known, problems, first: shareOf(rates?.first), after: shareOf(rates?.after) };
  } finally {
    reader.close();
  }
}

/** Without the counts that it was made from. */
function shareOf(rate: Share | undefined): Share | undefined {
  if (rate === undefined) return undefined;
  const { value, low, high, bounds } = rate;
  return { ...(value !== undefined && { value }), low, high, ...(bounds !== undefined && { bounds }) };
}
