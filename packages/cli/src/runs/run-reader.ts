import { type Evaluation, type OutcomeTable, summarize } from "@rrr/trainer";
import type Database from "libsql";
import type { Measured } from "../report/result.ts";
import { openDatabase } from "../store/open-database.ts";
import type { EpisodeRow, TurnRow } from "../store/read-episode.ts";
import { meanTokens, outcomeTable } from "../store/read-outcomes.ts";
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
  /** The problems of a stage as JSON, by their numbers. */
  problems(stage: string): readonly string[];
  measured(stage: string): Measured;
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
  const problems = (stage: string): readonly string[] => {
    const rows = db
      .prepare("SELECT problem, item FROM episode WHERE stage = ? AND member = 0 ORDER BY problem")
      .all(stage) as { readonly problem: number; readonly item: string }[];
    const items: string[] = [];
    for (const { problem, item } of rows) items[problem] = item;
    return items;
  };
  return {
    run,
    stages,
    problems,
    measured(stage) {
      const samples = Number(run.settings.samples ?? 1);
      const rounds = Number(run.settings.rounds ?? 1);
      const table: OutcomeTable = outcomeTable(db, stage, problems(stage).length);
      const tokens: Evaluation["tokens"] = meanTokens(db, stage);
      return { ...summarize(table, rounds), tokens, problems: table.length, samples, rounds, table };
    },
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
