import type { RunStatus } from "../store/schema.ts";

/** What goes besides the older checkpoints of finished runs: whole runs, if at least one of these is given. */
export interface PruneSettings {
  /** Runs that ended more milliseconds ago than this. */
  readonly olderThanMs?: number | undefined;
  /** Runs that failed; with `olderThanMs` those that did and ended so long ago. */
  readonly failed?: boolean | undefined;
  /** The present time in milliseconds; default: the clock's. */
  readonly nowMs?: number | undefined;
}

/** What can go: a checkpoint that is not the newest of its run, what a save left unfinished, or a whole run. */
export type Prunable = {
  /** Name of the run below `runs/`. */
  readonly run: string;
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
} & (
  | { readonly kind: "checkpoint" }
  /** `endedAt` in ISO 8601; of a run that was killed, when it last wrote. */
  | { readonly kind: "run"; readonly status: RunStatus; readonly endedAt: string }
);

/** A folder that is not touched, and why. */
export interface LeftAlone {
  /** Name below `runs/`. */
  readonly name: string;
  readonly reason: string;
}

export interface PrunePlan {
  /** Absolute path of the folder that has a `runs/`. */
  readonly cwd: string;
  readonly settings: PruneSettings;
  readonly remove: readonly Prunable[];
  /** Bytes of all of them. */
  readonly bytes: number;
  readonly left: readonly LeftAlone[];
}

export interface PruneOutcome {
  readonly removed: readonly Prunable[];
  /** Bytes of all of them. */
  readonly bytes: number;
  /** What was planned and did not go, or not wholly. */
  readonly left: readonly LeftAlone[];
}
