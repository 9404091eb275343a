import { basename } from "node:path";
import type { FailedAttempt, Task } from "@rrr/core";
import type { Evaluation, OutcomeTable, StepReport } from "@rrr/trainer";
import { episodeRow, type PlacedEpisode, turnRows } from "./episode-rows.ts";
import { forgetErroredControls } from "./forget-controls.ts";
import { createDatabase, databasePath, openDatabase, settle } from "./open-database.ts";
import { readFailures } from "./read-episode.ts";
import { meanTokens, outcomeTable } from "./read-outcomes.ts";
import { lockRun } from "./run-lock.ts";
import { SCHEMA, SCHEMA_VERSION } from "./schema.ts";
import { createStageRecord, type StageRecord } from "./stage-record.ts";
import { placeStep, stepRow } from "./step-rows.ts";
import { createWriting } from "./writing.ts";

/** What is known of a run when it begins. */
export interface RunHeader {
  readonly rrrVersion: string;
  readonly command: "run" | "eval";
  readonly task: string;
  /** File of the plugin. */
  readonly plugin: string;
  readonly model: string;
  readonly seed: number;
  readonly settings: object;
  /** Everything that the results depend on: what must be the same for the run to be gone on with. */
  readonly identity: object;
  /** The command line, for going on with it. */
  readonly invocation: object;
}

/** A reason for which episodes errored, and how many. */
export interface ErrorCount {
  readonly code: string;
  readonly message: string;
  readonly count: number;
}

export type RunStatus = "running" | "finished" | "stopped" | "failed";

/**
 * The database of a run. What writes is one transaction that is on disk when the call returns: what was acknowledged
 * survives whatever happens next. Other processes may read at any time. What writes throws `bad-run` when it cannot,
 * e.g. on a full disk.
 */
export interface RunStore {
  addFailures(failures: readonly FailedAttempt[]): void;
  /** Those that an earlier process collected; empty where that was not finished. */
  failures(task: Task): readonly FailedAttempt[];
  /** A step's figures and all its episodes, together or not at all. */
  addStep(report: StepReport): void;
  /** Forgets the steps after this one: training goes on from its checkpoint. */
  forgetStepsAfter(step: number): void;
  /** The record of an evaluation, with what an earlier process put there. */
  stage(stage: string, task: Task): StageRecord;
  outcomes(stage: string, problems: number): OutcomeTable;
  meanTokens(stage: string): Evaluation["tokens"];
  /** Why episodes of a stage errored, the most frequent reasons first. */
  errors(stage: string): readonly ErrorCount[];
  setRates(stage: string, rates: Evaluation["rates"]): void;
  /** Forgets the episodes and controls of evaluations that errored, so that they are tried again. */
  forgetErrored(): void;
  end(status: RunStatus, error?: string): void;
  close(): void;
}

/** Creates `run.db` in a folder. @throws RrrError `bad-run` */
export function createRunStore(folder: string, header: RunHeader): RunStore {
  const unlock = lockRun(folder);
  try {
    const db = createDatabase(folder);
    createWriting(
      db,
      databasePath(folder),
    )(() => {
      db.exec(SCHEMA);
      const { rrrVersion, command, task, plugin, model, seed } = header;
      const json = [header.settings, header.identity, header.invocation].map((value) =>
        JSON.stringify(value),
      );
      db.prepare(`INSERT INTO run VALUES (${Array(15).fill("?").join(", ")})`).run(
        ...[basename(folder), SCHEMA_VERSION, rrrVersion, command, task, plugin, model, seed, ...json],
        ...["running", null, new Date().toISOString(), null],
      );
    })();
    return toStore(folder, db, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

/** Opens a run to go on with it. @throws RrrError `bad-run`, also where another process is writing it */
export function reopenRunStore(folder: string): RunStore {
  const unlock = lockRun(folder);
  try {
    const db = openDatabase(folder, "write");
    createWriting(
      db,
      databasePath(folder),
    )(() => {
      db.prepare("UPDATE run SET status = 'running', error = NULL, ended_at = NULL").run();
    })();
    return toStore(folder, db, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

function toStore(folder: string, db: ReturnType<typeof createDatabase>, unlock: () => void): RunStore {
  const writing = createWriting(db, databasePath(folder));
  const insert = (table: string, columns: number) =>
    db.prepare(`INSERT INTO ${table} VALUES (${Array(columns).fill("?").join(", ")})`);
  const episodes = insert("episode", 12);
  const turns = insert("turn", 11);
  const steps = insert("step", 16);
  const records: StageRecord[] = [];

  function write(placed: PlacedEpisode): void {
    const { lastInsertRowid } = episodes.run(null, ...episodeRow(placed), null);
    for (const row of turnRows(placed.episode)) turns.run(lastInsertRowid, ...row);
  }
  function forget(where: string, ...values: readonly (string | number)[]): void {
    db.prepare(`DELETE FROM turn WHERE episode IN (SELECT id FROM episode WHERE ${where})`).run(...values);
    db.prepare(`DELETE FROM episode WHERE ${where}`).run(...values);
  }

  return {
    addFailures: writing((failures: readonly FailedAttempt[]) => {
      for (const [problem, episode] of failures.entries())
        write({ stage: "mine", problem, member: 0, episode });
    }),
    failures: (task) => readFailures(db, task),
    addStep: writing((report: StepReport) => {
      steps.run(...stepRow(report));
      placeStep(report).forEach(write);
    }),
    forgetStepsAfter: writing((step: number) => {
      forget("stage = 'train' AND step > ?", step);
      db.prepare("DELETE FROM step WHERE step > ?").run(step);
    }),
    stage(stage, task) {
      const record = createStageRecord(db, writing, write, stage, task);
      records.push(record);
      return record;
    },
    outcomes: (stage, problems) => outcomeTable(db, stage, problems),
    meanTokens: (stage) => meanTokens(db, stage),
    errors: (stage) =>
      db
        .prepare(
          `SELECT error_code AS code, error AS message, count(*) AS count FROM episode
           WHERE stage = ? AND kind = 'errored' GROUP BY code, message ORDER BY count DESC, message`,
        )
        .all(stage) as ErrorCount[],
    setRates: writing((stage: string, rates: Evaluation["rates"]) => {
      db.prepare("DELETE FROM evaluation WHERE stage = ?").run(stage);
      const row = insert("evaluation", 7);
      for (const [measure, { passed, of, value, low, high }] of Object.entries(rates)) {
        row.run(stage, measure, passed, of, value, low, high);
      }
    }),
    forgetErrored: writing(() => {
      forget("kind = 'errored' AND stage LIKE 'evaluate%'");
      forgetErroredControls(db);
    }),
    end(status, error) {
      for (const record of records) record.flush();
      writing(() => {
        db.prepare("UPDATE run SET status = ?, error = ?, ended_at = ?").run(
          status,
          error ?? null,
          new Date().toISOString(),
        );
      })();
    },
    close() {
      settle(db);
      db.close();
      unlock();
    },
  };
}
