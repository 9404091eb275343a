import { RrrError } from "@rrr/core";
import { differenceOf } from "./difference.ts";
import { createRunFolder } from "./run-folder.ts";
import { createRunStore, type RunHeader, type RunStore, reopenRunStore } from "./run-store.ts";
import type { StoredRun } from "./stored-run.ts";

/** A run that this process writes. */
export interface OpenedRun {
  readonly folder: string;
  readonly header: RunHeader;
  readonly store: RunStore;
}

/** How a command gets the run that it works on: a new one, or one that was interrupted. */
export type OpenRun = (header: RunHeader) => OpenedRun;

/** @throws RrrError `bad-run` */
export function newRun(out: string | undefined): OpenRun {
  return (header) => {
    const folder = createRunFolder(out, header.task, process.cwd(), new Date());
    return { folder, header, store: createRunStore(folder, header) };
  };
}

/**
 * @param retryErrored whether what errored is tried again
 * @throws RrrError `bad-run` where task, model or settings are not what they were; the message names the difference.
 */
export function sameRun({ folder, identity }: StoredRun, retryErrored: boolean): OpenRun {
  return (header) => {
    const difference = differenceOf(identity, JSON.parse(JSON.stringify(header.identity)));
    if (difference !== undefined) {
      throw new RrrError("bad-run", `${folder} cannot be gone on with: ${difference}`, {
        hint: "Start a new run. Hosted models' answers to what was asked before come from the cache.",
      });
    }
    const store = reopenRunStore(folder);
    if (retryErrored) store.forgetErrored();
    return { folder, header, store };
  };
}
