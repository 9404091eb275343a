import { messageOf } from "@rrr/core";
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
      readonly problems: number | undefined;
      readonly first: number | undefined;
      readonly after: number | undefined;
    }
  /** One that cannot be read is listed, not fatal. */
  | { readonly name: string; readonly error: string };

/** The runs below `runs/`, the newest first. */
export function listRuns(cwd: string): readonly ListedRun[] {
  return findRuns(cwd).map((found) => {
    const { name } = found;
    if (found.kind === "unreadable") return { name, error: found.error };
    try {
      return { name, ...describe(found.folder) };
    } catch (error) {
      return { name, error: messageOf(error) };
    }
  });
}

function describe(folder: string): Omit<Extract<ListedRun, { task: string }>, "name"> {
  const reader = openRunReader(folder);
  try {
    const { command, task, model, status, startedAt } = reader.run;
    // What is solved at once comes first: shares of an unfinished run would be too high.
    const stage = status === "finished" ? reader.stages.at(-1) : undefined;
    const measured = stage === undefined ? undefined : reader.measured(stage);
    const [first, after] = [measured?.rates.first?.value, measured?.rates.after?.value];
    return { command, task, model, status, startedAt, problems: measured?.problems, first, after };
  } finally {
    reader.close();
  }
}
