import { messageOf } from "@rrr/core";
import type { Share } from "@rrr/trainer";
import { EVALUATION_STAGES, type EvaluationStage } from "../flow/stages.ts";
import { sizeOnDisk } from "../prune/size-on-disk.ts";
import { openDatabase, type RunDatabase } from "../store/database.ts";
import type { EvaluationRow, RunStatus } from "../store/schema.ts";
import { type StoredRun, storedRun } from "../store/stored-run.ts";
import { findRuns } from "./find-runs.ts";
import { openRunReader } from "./run-reader.ts";
import { type RunState, runState } from "./run-state.ts";

/** What a run is and came to, as a list of many shows it; figures are of its last evaluation. */
export interface RunFigures {
  readonly command: "run" | "eval";
  readonly task: string;
  readonly model: string;
  readonly status: RunStatus;
  readonly startedAt: string;
  /** Episodes of its last evaluation that errored, also while that goes on. */
  readonly errored: number | undefined;
  /** Undefined until the run is finished, as the shares are. */
  readonly problems: number | undefined;
  /** Bounds in place of a value where problems errored. */
  readonly first: Share | undefined;
  readonly after: Share | undefined;
}

/** A run in the list. */
export type ListedRun =
  | ({
      readonly name: string;
      /** Of the run's folder. */
      readonly bytes: number;
      readonly status: RunState;
    } & Omit<RunFigures, "status">)
  /** One that cannot be read is listed, not fatal. */
  | { readonly name: string; readonly error: string; readonly bytes: number };

/** The runs below `runs/`, the newest first. */
export function listRuns(cwd: string): readonly ListedRun[] {
  return findRuns(cwd).map((found) => {
    const { name, folder } = found;
    const bytes = sizeOnDisk(folder);
    if (found.kind === "unreadable") return { name, error: found.error, bytes };
    try {
      const figures = figuresOfRun(folder);
      return { name, ...figures, status: runState({ ...figures, folder }), bytes };
    } catch (error) {
      return { name, error: messageOf(error), bytes };
    }
  });
}

/** A run in a line, without reading its episodes where it has kept its figures. @throws RrrError `bad-run` */
export function figuresOfRun(folder: string): RunFigures {
  const db = openDatabase(folder, "read");
  try {
    const run = storedRun(db, folder);
    const { command, task, model, status, startedAt } = run;
    const begun = db.prepare(BEGUN).get() as Readonly<Record<EvaluationStage, number>>;
    const stage = EVALUATION_STAGES.findLast((each) => begun[each] === 1);
    const errored = stage === undefined ? undefined : erroredIn(db, stage);
    // What is solved at once comes first: shares of an unfinished run would be too high.
    const shares = stage !== undefined && status === "finished" ? sharesOf(db, run, stage) : NONE;
    return { command, task, model, status, startedAt, errored, ...shares };
  } finally {
    db.close();
  }
}

const BEGUN = `SELECT ${EVALUATION_STAGES.map(
  (stage) => `EXISTS (SELECT 1 FROM episode WHERE stage = '${stage}') AS "${stage}"`,
).join(", ")}`;

type Shares = Pick<RunFigures, "problems" | "first" | "after">;

const NONE: Shares = { problems: undefined, first: undefined, after: undefined };

function erroredIn(db: RunDatabase, stage: EvaluationStage): number {
  const sql = "SELECT count(*) AS n FROM episode WHERE stage = ? AND part = 'episodes' AND kind = 'errored'";
  return (db.prepare(sql).get(stage) as { readonly n: number }).n;
}

/** As the run has kept them; what it has not, as where samples errored, its outcomes are read for. */
function sharesOf(db: RunDatabase, { identity, folder }: StoredRun, stage: EvaluationStage): Shares {
  const { problems } = (identity.task ?? {}) as { readonly problems?: unknown };
  const rows = db
    .prepare(
      "SELECT measure, share, low, high FROM evaluation WHERE stage = ? AND measure IN ('first', 'after')",
    )
    .all(stage) as readonly Pick<EvaluationRow, "measure" | "share" | "low" | "high">[];
  const kept = (measure: string): Share | undefined => {
    const row = rows.find((each) => each.measure === measure);
    return row && { value: row.share, low: row.low, high: row.high };
  };
  const [first, after] = [kept("first"), kept("after")];
  if (Number.isSafeInteger(problems) && first !== undefined && after !== undefined) {
    return { problems: Number(problems), first, after };
  }
  const reader = openRunReader(folder);
  try {
    const measured = reader.measured(stage);
    const { rates } = measured;
    return {
      problems: measured.problems,
      first: shareOf(rates.first),
      after: shareOf(rates.after),
    };
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
