import { type Evaluation, type OutcomeTable, summarize } from "@rrr/trainer";
import type Database from "libsql";
import type { Measured } from "../report/result.ts";
import { openDatabase } from "../store/open-database.ts";
import type { EpisodeRow, TurnRow } from "../store/read-episode.ts";
import { meanTokens, type OutcomeRow, outcomeTable } from "../store/read-outcomes.ts";
import { readStoredRun, type StoredRun } from "../store/stored-run.ts";

/** An episode as the run store has it, with its turns in order. */
export interface StoredEpisode extends EpisodeRow {
  readonly step: number | null;
  readonly reward: number | null;
  readonly advantage: number | null;
  readonly turns: readonly TurnRow[];
}

/** Looks at a run, finished or not; another process may be writing it. */
export interface RunReader {
  readonly run: StoredRun;
  /** Stages of evaluation that have begun, in their order: `evaluate`, or `evaluate-before` and `evaluate-after`. */
  readonly stages: readonly string[];
  /** The problems of a stage as JSON, by their numbers; an unfinished stage lacks some. */
  problems(stage: string): ReadonlyMap<number, string>;
  measured(stage: string): Measured;
  outcomes(): Iterable<OutcomeRow>;
  /** One after another, so that a long run fits into memory. @param stage default: all */
  episodes(stage?: string): Generator<StoredEpisode, void, undefined>;
  steps(): readonly Readonly<Record<string, number | null>>[];
  close(): void;
}

/** @throws RrrError `bad-run` */
export function openRunReader(folder: string): RunReader {
  const run = readStoredRun(folder);
  const db = openDatabase(folder, "read");
  const stages = ["evaluate", "evaluate-before", "evaluate-after"].filter((stage) =>
    db.prepare("SELECT 1 FROM episode WHERE stage = ? LIMIT 1").get(stage),
  );
  const problems = (stage: string): ReadonlyMap<number, string> => {
    const rows = db
      .prepare("SELECT problem, min(item) AS item FROM episode WHERE stage = ? GROUP BY problem")
      .all(stage) as { readonly problem: number; readonly item: string }[];
    return new Map(rows.map(({ problem, item }) => [problem, item]));
  };
  return {
    run,
    stages,
    problems,
    measured(stage) {
      const samples = Number(run.settings.samples ?? 1);
      const rounds = Number(run.settings.rounds ?? 1);
      const known = problems(stage);
      const last = [...known.keys()].reduce((most, problem) => Math.max(most, problem), -1);
      const table: OutcomeTable = outcomeTable(db, stage, last + 1);
      const tokens: Evaluation["tokens"] = meanTokens(db, stage);
      return { ...summarize(table, rounds), tokens, problems: known.size, samples, rounds, table };
    },
    outcomes: () =>
      db
        .prepare("SELECT * FROM outcome ORDER BY stage, problem, member, measure")
        .iterate() as Iterable<OutcomeRow>,
    episodes: (stage) => readEpisodes(db, stage),
    steps: () =>
      db.prepare("SELECT * FROM step ORDER BY step").all() as Readonly<Record<string, number | null>>[],
    close: () => db.close(),
  };
}

function* readEpisodes(
  db: Database.Database,
  stage: string | undefined,
): Generator<StoredEpisode, void, undefined> {
  const turns = db.prepare("SELECT * FROM turn WHERE episode = ? ORDER BY position");
  const where = stage === undefined ? "" : "WHERE stage = ?";
  const rows = db
    .prepare(`SELECT * FROM episode ${where} ORDER BY stage, step, problem, member`)
    .iterate(...(stage === undefined ? [] : [stage]));
  for (const row of rows as Iterable<Omit<StoredEpisode, "turns">>) {
    yield { ...row, turns: turns.all(row.id) as TurnRow[] };
  }
}
