import { join } from "node:path";
import type { StepReport } from "@rrr/trainer";
import Database from "libsql";
import { episodeRow, type PlacedEpisode, turnRows } from "./episode-rows.ts";
import { SCHEMA, SCHEMA_VERSION } from "./schema.ts";
import { writeFailed } from "./write-failed.ts";

/** What is known of a run when it begins. */
export interface RunHeader {
  readonly id: string;
  readonly rrrVersion: string;
  readonly task: string;
  readonly plugin: string;
  readonly model: string;
  readonly seed: number;
  readonly settings: object;
}

/** One share of an evaluation. */
export interface MeasureRow {
  readonly measure: string;
  readonly successes: number;
  readonly trials: number;
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The database of a run. Each call is one transaction that is on disk when the call returns: what was
 * acknowledged survives whatever happens next. Other processes may read at any time. What writes throws `bad-run`
 * when it cannot, e.g. on a full disk.
 */
export interface RunStore {
  addEpisodes(episodes: readonly PlacedEpisode[]): void;
  /** A step's figures and all its episodes, together or not at all. */
  addStep(report: StepReport): void;
  /** An evaluation's shares and its episodes, together or not at all. */
  addEvaluation(
    stage: "before" | "after",
    measures: readonly MeasureRow[],
    episodes: readonly PlacedEpisode[],
  ): void;
  end(status: "finished" | "stopped" | "failed", error?: string): void;
  close(): void;
}

/** Creates `run.db` in a folder. @throws RrrError `bad-run` */
export function createRunStore(folder: string, header: RunHeader): RunStore {
  const path = join(folder, "run.db");
  const db = open(path);
  const insert = (table: string, columns: number): Database.Statement =>
    db.prepare(`INSERT INTO ${table} VALUES (${Array(columns).fill("?").join(", ")})`);
  const runs = insert("run", 12);
  const episodes = insert("episode", 11);
  const turns = insert("turn", 8);
  const steps = insert("step", 16);
  const measures = insert("evaluation", 7);
  const now = (): string => new Date().toISOString();

  /** All or nothing. */
  function writing<Args extends readonly unknown[]>(
    action: (...args: Args) => void,
  ): (...args: Args) => void {
    return (...args) => {
      try {
        db.transaction(() => action(...args))();
      } catch (cause) {
        throw writeFailed(path, cause);
      }
    };
  }

  writing(() =>
    runs.run(
      ...[
        header.id,
        SCHEMA_VERSION,
        header.rrrVersion,
        header.task,
        header.plugin,
        header.model,
        header.seed,
      ],
      ...[JSON.stringify(header.settings), "running", null, now(), null],
    ),
  )();

  function write(placed: PlacedEpisode): void {
    const { lastInsertRowid } = episodes.run(null, ...episodeRow(placed));
    for (const row of turnRows(placed.episode)) turns.run(lastInsertRowid, ...row);
  }

  return {
    addEpisodes: writing((placed: readonly PlacedEpisode[]) => placed.forEach(write)),
    addStep: writing((report: StepReport) => {
      steps.run(...stepRow(report));
      placeStep(report).forEach(write);
    }),
    addEvaluation: writing(
      (stage: "before" | "after", rows: readonly MeasureRow[], placed: readonly PlacedEpisode[]) => {
        for (const { measure, successes, trials, share, low, high } of rows) {
          measures.run(stage, measure, successes, trials, share, low, high);
        }
        placed.forEach(write);
      },
    ),
    end: writing((status: string, error?: string) => {
      db.prepare("UPDATE run SET status = ?, error = ?, ended_at = ?").run(status, error ?? null, now());
    }),
    close() {
      settle(db);
      db.close();
    },
  };
}

function open(path: string): Database.Database {
  try {
    const db = new Database(path);
    db.exec("PRAGMA journal_mode = WAL");
    db.exec(SCHEMA);
    return db;
  } catch (cause) {
    throw writeFailed(path, cause);
  }
}

/** Folds the write-ahead log into run.db, so that this one file is the run for whoever copies it. */
function settle(db: Database.Database): void {
  try {
    db.exec("PRAGMA journal_mode = DELETE");
  } catch {
    // Somebody is reading: the log stays beside the file, and readers use both.
  }
}

function placeStep({ step, groups }: StepReport): readonly PlacedEpisode[] {
  return groups.flatMap(({ episodes_G, rewards_G, advantages_G }, problem) =>
    episodes_G.map((episode, member) => {
      const scores = { reward: rewards_G[member], advantage: advantages_G[member] };
      return { stage: "train", step, problem, member, episode, ...scores };
    }),
  );
}

function stepRow(report: StepReport): readonly (number | null)[] {
  const { update } = report;
  return [
    ...[report.step, report.reward, report.kept, report.dropped, report.errored, report.sampledTokens],
    ...[report.reflectionTokens, report.truncated],
    ...[update?.loss ?? null, update?.kl ?? null, update?.entropyEstimate ?? null, update?.clipped ?? null],
    ...[update?.gradNorm ?? null, update?.learningRate ?? null],
    ...[report.seconds.sampling, report.seconds.update],
  ];
}
