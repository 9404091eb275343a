import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { checkDatabaseFiles } from "@rrr/core/database";
import Database from "libsql";
import type { RunReader, StoredEpisode } from "../read/run-reader.ts";
import type { Cell } from "../store/table.ts";
import { type EpisodeQuery, MOST_COUNTED, placeOf, toSql } from "./episode-query.ts";
import { type EpisodeEntry, INDEX_FORMAT, INDEX_SQL } from "./index-tables.ts";
import { searchedText, toEpisodeEntry } from "./to-entry.ts";

/** How far an index is: it can be asked before all is in it. */
export interface IndexProgress {
  /** Episodes that are in it. */
  readonly indexed: number;
  readonly isComplete: boolean;
}

/** A page of the list of episodes. */
export interface FoundEpisodes extends IndexProgress {
  readonly entries: readonly EpisodeEntry[];
  /** Of all pages. */
  readonly total: number;
  /** There are more than that. */
  readonly isMore?: true;
  /** Where the next page begins; undefined after the last. */
  readonly next: string | undefined;
}

/** How many episodes there are of a kind. */
export interface EpisodeCount extends Pick<EpisodeEntry, "stage" | "part" | "path" | "code" | "cut"> {
  readonly count: number;
}

/** Finds episodes of a run by what they are and what they say. It lies beside the run, never in it. */
export interface EpisodeIndex {
  /** Takes in what is new in the run. @param forMs ends after about so long, with the rest for the next call */
  update(forMs?: number): IndexProgress;
  /** Of what is in it. @throws RrrError `bad-argument` for a cursor that is none */
  find(query: EpisodeQuery): FoundEpisodes;
  counts(): readonly EpisodeCount[];
  close(): void;
}

/** Others write it for a moment: a second page on the same run. */
const PATIENCE_MS = 5_000;
/** Episodes of a transaction: few, as each may have megabytes. */
const BATCH = 32;

/**
 * @param folder where indexes are kept: a file a run. One that cannot be written makes the index one in memory
 */
export function openEpisodeIndex(reader: RunReader, folder: string): EpisodeIndex {
  const db = openIndex(folder, reader.run);
  const prepare = (sql: string): Database.Statement => db.prepare(sql);
  const enter = prepare("INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  const preview = prepare("INSERT OR REPLACE INTO preview VALUES (?, ?)");
  const forget = prepare("DELETE FROM words WHERE rowid = ?");
  const word = prepare("INSERT INTO words (rowid, text) VALUES (?, ?)");
  const progress = prepare("SELECT cursor, last FROM progress");
  const advance = prepare("UPDATE progress SET cursor = ?, last = ?");
  const size = prepare("SELECT count(*) AS n FROM entry");
  let isComplete = false;
  let known: Progress & { readonly size: number } = { cursor: -1, last: -1, size: 0 };

  function put(episode: StoredEpisode): void {
    const { preview: text, ...entry } = toEpisodeEntry(episode);
    const { id, stage, part, step, problem, sample, path, code, cut, reward, advantage, tokens } = entry;
    enter.run(id, stage, part, step, problem, sample, path, code, cut, reward, advantage, tokens);
    preview.run(id, text);
    forget.run(id);
    word.run(id, searchedText(episode));
  }

  /** One batch, in a transaction: another process may be at the same index. @returns whether there is more */
  function step(): boolean {
    db.exec("BEGIN IMMEDIATE");
    try {
      const isMore = takeIn(progress.get() as Progress);
      db.exec("COMMIT");
      return isMore;
    } catch (error) {
      db.exec("ROLLBACK");
      throw error;
    }
  }

  function takeIn({ cursor, last }: Progress): boolean {
    // What an episode is when it is read first, later news need not tell.
    const from = last === 0 && cursor === 0 ? reader.newest() : cursor;
    const news = reader.news(from, BATCH);
    if (news.entries.some(({ kind }) => kind === "forgotten") || reader.newest() < from) {
      db.exec("DELETE FROM entry; DELETE FROM preview; INSERT INTO words (words) VALUES ('delete-all')");
      advance.run(0, 0);
      return true;
    }
    const changed = news.entries.flatMap(({ episode }) =>
      episode !== null && episode <= last ? [episode] : [],
    );
    for (const id of new Set(changed)) {
      const episode = reader.episode(id);
      if (episode !== undefined) put(episode);
    }
    const page = reader.page({ after: last, limit: BATCH });
    for (const episode of page.episodes) put(episode);
    advance.run(news.cursor, page.episodes.at(-1)?.id ?? last);
    return page.next !== undefined || news.entries.length === BATCH;
  }

  function state(): IndexProgress {
    const { cursor, last } = progress.get() as Progress;
    // Counted anew where something was taken in: by this process, or by another.
    if (known.last !== last || known.cursor !== cursor) known = { cursor, last, size: countOf(size) };
    return { indexed: known.size, isComplete };
  }

  return {
    update(forMs = Number.POSITIVE_INFINITY) {
      const until = performance.now() + forMs;
      let isMore = true;
      while (isMore && performance.now() < until) isMore = step();
      isComplete = !isMore;
      return state();
    },
    find(query) {
      const { limit = 100 } = query;
      const { page, count } = toSql(query, limit + 1);
      const rows = prepare(page.text).all(...page.values) as EpisodeEntry[];
      const entries = rows.slice(0, limit);
      const last = rows.length > limit ? entries.at(-1) : undefined;
      const progress = state();
      const total = count === undefined ? progress.indexed : countOf(prepare(count.text), count.values);
      return {
        ...{ entries, total: Math.min(total, count === undefined ? total : MOST_COUNTED) },
        ...(count !== undefined && total > MOST_COUNTED ? { isMore: true } : {}),
        ...{ next: last && placeOf(query, last), ...progress },
      };
    },
    counts: () =>
      prepare(
        "SELECT stage, part, path, code, cut, count(*) AS count FROM entry GROUP BY stage, part, path, code, cut",
      ).all() as EpisodeCount[],
    close: () => void db.close(),
  };
}

interface Progress {
  readonly cursor: number;
  /** Number of the last episode that was taken in. */
  readonly last: number;
}

function countOf(statement: Database.Statement, values: readonly Cell[] = []): number {
  return (statement.get(...values) as { readonly n: number }).n;
}

function openIndex(
  folder: string,
  run: { readonly folder: string; readonly key: string },
): Database.Database {
  const name = createHash("sha256").update(`${INDEX_FORMAT}\0${run.key}\0${run.folder}`).digest("hex");
  const path = join(folder, `${name.slice(0, 32)}.db`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    checkDatabaseFiles(path, "bad-cache");
    return withTables(new Database(path, { timeout: PATIENCE_MS }));
  } catch {
    // What it holds is nothing that could not be made again.
    return withTables(new Database(":memory:"));
  }
}

function withTables(db: Database.Database): Database.Database {
  try {
    // Lost with the machine, it is made again.
    db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -8000");
    db.exec(INDEX_SQL);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
