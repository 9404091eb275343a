import { basename, dirname } from "node:path";
import type { FailedAttempt, Message, Task } from "@rrr/core";
import type { Evaluation, MinedFailure, MiningCounts, MiningProgress, StepReport } from "@rrr/trainer";
import type { EvaluationStage, RunStage } from "../flow/stages.ts";
import type { RunSpec } from "../spec/run-spec.ts";
import { createBatch } from "./batch.ts";
import { createDatabase, jsonOf, openDatabase, type RunDatabase, settle } from "./database.ts";
import { forgetEpisodes, forgetErrored } from "./forget-errored.ts";
import { checkRunFiles } from "./plain-files.ts";
import { createEpisodeReader, type StoredFailure } from "./read-episode.ts";
import { lockRun } from "./run-lock.ts";
import {
  EVALUATION,
  MINING,
  type MiningRow,
  RUN,
  type RunStatus,
  SCHEMA,
  SCHEMA_VERSION,
  STEP,
} from "./schema.ts";
import { createStageRecord, type StageRecord } from "./stage-record.ts";
import { placeStep, stepRow } from "./step-rows.ts";
import { createStoreWriter, type StoreWriter } from "./store-writer.ts";
import { storedRun } from "./stored-run.ts";
import { createTrainingRows, forgetProbesAfter, type TrainingRows } from "./training-rows.ts";

/** What is known of a run when it begins. */
export interface RunHeader {
  readonly rrrVersion: string;
  readonly task: string;
  /** File of the plugin. */
  readonly plugin: string;
  readonly spec: RunSpec;
  /** Everything that the results depend on: what must be the same for the run to be resumed. */
  readonly identity: object;
}

/** What an earlier process collected. */
export interface Mined {
  readonly counts: MiningCounts;
  readonly failures: readonly MinedFailure[];
  readonly isDone: boolean;
}

/**
 * The database of a run. What writes is a transaction that is on disk when the call returns, but for units of an
 * evaluation and mined failures, which wait for each other a moment. Other processes may read at any time. What writes
 * throws `bad-run` when it cannot, e.g. on a full disk.
 */
export interface RunStore extends TrainingRows {
  /** Tells the run from any other. */
  readonly key: string;
  /** What of its identity changed and was accepted, in words. */
  changes(): readonly string[];
  /** The run goes on with another identity. */
  acceptChanges(identity: object, changes: readonly string[]): void;
  /** Says that a stage has begun. */
  begin(stage: RunStage): void;
  /**
   * The record of an evaluation, with what an earlier process put there.
   * @param items as the task gives them, by their numbers. Default: those of the episodes
   */
  record<Item = unknown>(stage: EvaluationStage, items?: readonly unknown[]): StageRecord<Item>;
  /** What an evaluation came to. */
  endEvaluation(stage: EvaluationStage, rates: Evaluation["rates"]): void;
  /** What an earlier process collected; its items go through the task's schema once more. */
  mined(task: Task): Promise<Mined>;
  /** @param request the conversation in which a reflection on the failure is asked for */
  addMined(progress: MiningProgress, request?: readonly Message[]): void;
  endMining(): void;
  /** A step's figures and all its episodes, together or not at all. */
  addStep(report: StepReport): void;
  /** How far an earlier process came in training: its last step, and whether it evaluated what came of it. */
  trained(): { readonly steps: number; readonly isEvaluated: boolean };
  /** Forgets the steps after this one: training resumes from its checkpoint. */
  forgetStepsAfter(step: number): void;
  /** Forgets the episodes and controls of evaluations that errored, so that they are tried again. */
  forgetErrored(): void;
  /** Everything that the results depend on. */
  identity(): Readonly<Record<string, unknown>>;
  /** Adds to the identity that the model's server refuses the system role. */
  noteSystemRole(): void;
  end(status: RunStatus, error?: string): void;
  close(): void;
}

interface MinedRow {
  readonly progress: MiningProgress;
  readonly request: readonly Message[] | undefined;
}

/** Creates `run.db` in a folder. @throws RrrError `bad-run` */
export function createRunStore(folder: string, header: RunHeader): RunStore {
  return locked(folder, (unlock) => {
    const db = createDatabase(folder);
    const { rrrVersion, task, plugin, spec, identity } = header;
    db.exec("BEGIN IMMEDIATE");
    db.exec(SCHEMA);
    db.prepare(RUN.insert).run(
      ...RUN.cells({
        id: basename(folder),
        schema_version: SCHEMA_VERSION,
        rrr_version: rrrVersion,
        command: spec.plan.kind === "train" ? "run" : "eval",
        ...{ task, plugin, model: spec.model.name, seed: spec.plan.seed },
        spec: JSON.stringify(spec),
        identity: JSON.stringify(identity),
        ...{ status: "running", error: null, started_at: new Date().toISOString(), ended_at: null },
      }),
    );
    db.exec("COMMIT");
    return toStore(db, unlock);
  });
}

/** Opens a run to resume it. @throws RrrError `bad-run`, also where another process is writing it */
export function reopenRunStore(folder: string): RunStore {
  checkRunFiles(folder);
  return locked(folder, (unlock) => {
    const db = openDatabase(folder, "write");
    const writer = createStoreWriter(db);
    writer.writing(() => {
      db.prepare("UPDATE run SET status = 'running', error = NULL, ended_at = NULL").run();
      writer.tell({ kind: "status" });
    })();
    return toStore(db, unlock, writer);
  });
}

function locked(folder: string, open: (unlock: () => void) => RunStore): RunStore {
  const unlock = lockRun(folder);
  try {
    return open(unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

function toStore(db: RunDatabase, unlock: () => void, writer: StoreWriter = createStoreWriter(db)): RunStore {
  const { writing } = writer;
  const steps = db.prepare(STEP.insert);
  const records = new Map<EvaluationStage, Pick<StageRecord, "writeWaiting">>();
  const writeMined = writing(() => writeMinedWaiting());
  const mined = createBatch<MinedRow>(writeMined);
  /** Numbers of the mined failures' episodes: what training starts from. */
  const failures = new Map<FailedAttempt, StoredFailure>();

  function writeMinedWaiting(): void {
    const waiting = mined.take();
    for (const { progress, request } of waiting) {
      const { failure, items } = progress;
      if (failure === undefined) continue;
      const { item } = progress;
      const place = { stage: "mine", part: null, problem: items - 1, sample: 0, item, request } as const;
      failures.set(failure, { id: writer.addEpisode({ ...place, episode: failure }), item });
    }
    const last = waiting.at(-1);
    if (last !== undefined) writeCounts(last.progress);
  }
  function writeCounts(counts: MiningCounts): void {
    const { items, mastered, failures, errored, attempts, sampledTokens } = counts;
    const row: MiningRow = {
      id: 1,
      items,
      mastered,
      failures,
      errored,
      attempts,
      sampled_tokens: sampledTokens,
      done: 0,
    };
    db.prepare("DELETE FROM mining").run();
    db.prepare(MINING.insert).run(...MINING.cells(row));
  }
  function writeWaiting(): void {
    for (const record of records.values()) record.writeWaiting();
    writeMinedWaiting();
  }

  const row = () => storedRun(db, dirname(db.path));
  return {
    key: row().key,
    changes: () => row().changes,
    acceptChanges: writing((identity: object, changes: readonly string[]) => {
      const all = { ...identity, changes: [...row().changes, ...changes] };
      db.prepare("UPDATE run SET identity = ?").run(JSON.stringify(all));
    }),
    begin: (stage) => writer.tellLater({ kind: "stage", stage }),
    record<Item>(stage: EvaluationStage, items: readonly unknown[] = []) {
      const record = createStageRecord<Item>(writer, stage, items, row().rounds);
      records.set(stage, record);
      return record;
    },
    endEvaluation: writing((stage: EvaluationStage, rates: Evaluation["rates"]) => {
      writeWaiting();
      db.prepare("DELETE FROM evaluation WHERE stage = ?").run(stage);
      const row = db.prepare(EVALUATION.insert);
      for (const [measure, { passed, of, value, low, high }] of Object.entries(rates)) {
        // A share that is not known is not there: result.json has its bounds.
        if (value === undefined) continue;
        const figures = { successes: passed, trials: of, share: value, low, high };
        row.run(...EVALUATION.cells({ stage, measure: measure as keyof typeof rates & "first", ...figures }));
      }
      writer.tell({ kind: "evaluation", stage });
    }),
    async mined(task) {
      for (const mined of await createEpisodeReader(db).failures(task)) failures.set(mined.failure, mined);
      const row = db.prepare("SELECT * FROM mining").get() as MiningRow | undefined;
      const counts: MiningCounts = {
        items: row?.items ?? 0,
        mastered: row?.mastered ?? 0,
        failures: row?.failures ?? 0,
        errored: row?.errored ?? 0,
        attempts: row?.attempts ?? 0,
        sampledTokens: row?.sampled_tokens ?? 0,
      };
      return { counts, failures: [...failures.keys()], isDone: row?.done === 1 };
    },
    addMined: (progress, request) => mined.add({ progress, request }),
    endMining: writing(() => {
      writeMinedWaiting();
      db.prepare("UPDATE mining SET done = 1").run();
    }),
    addStep: writing((report: StepReport) => {
      writeWaiting();
      const row = stepRow(report);
      steps.run(...STEP.cells(row));
      for (const placed of placeStep(report, failures)) writer.addEpisode(placed);
      writer.tell({ kind: "step", stage: "train", step: report.step });
    }),
    trained: () => {
      const { steps } = db.prepare("SELECT coalesce(max(step), 0) AS steps FROM step").get() as {
        steps: number;
      };
      const after = db.prepare("SELECT 1 FROM episode WHERE stage = 'after' LIMIT 1").get();
      return { steps, isEvaluated: after !== undefined };
    },
    ...createTrainingRows(writer),
    forgetStepsAfter: writing((step: number) => {
      forgetProbesAfter(db, step);
      forgetEpisodes(db, "stage = 'train' AND step > ?", step);
      const { changes } = db.prepare("DELETE FROM step WHERE step > ?").run(step);
      if (changes > 0) writer.tell({ kind: "forgotten", stage: "train", step });
    }),
    forgetErrored: writing(() => {
      forgetErrored(db);
      writer.tell({ kind: "forgotten" });
    }),
    identity: () => {
      const { identity } = db.prepare("SELECT identity FROM run").get() as { readonly identity: string };
      return jsonOf(db, identity);
    },
    noteSystemRole: writing(() => {
      db.prepare("UPDATE run SET identity = json_set(identity, '$.model.systemRole', 'user')").run();
    }),
    end: writing((status: RunStatus, error?: string) => {
      writeWaiting();
      const ended = new Date().toISOString();
      db.prepare("UPDATE run SET status = ?, error = ?, ended_at = ?").run(status, error ?? null, ended);
      writer.tell({ kind: "status" });
    }),
    close() {
      settle(db);
      db.close();
      unlock();
    },
  };
}
