import { existsSync } from "node:fs";
import { RrrError } from "@rrr/core";
import type { RunDatabase } from "./database.ts";
import { type EpisodePlace, episodeRow, type PlacedEpisode, type Turn, turnRows } from "./episode-rows.ts";
import { createKeepOnce, type KeepOnce } from "./keep-once.ts";
import { EPISODE, NEWS, type NewsRow, TURN } from "./schema.ts";
import { writeFailed } from "./write-failed.ts";

/** Makes an action one transaction: all or nothing, on disk when it returns. What fails throws `bad-run`. */
export type Writing = <Args extends readonly unknown[]>(
  action: (...args: Args) => void,
) => (...args: Args) => void;

/** What every part of the run store writes with. */
export interface StoreWriter {
  readonly db: RunDatabase;
  readonly keep: KeepOnce;
  readonly writing: Writing;
  /** @returns number of the episode */
  addEpisode(placed: PlacedEpisode): number;
  /** @param from position of the first */
  addTurns(episode: number, turns: readonly Turn[], from?: number): void;
  /** Tells readers what happened, with the transaction that is under way. */
  tell(news: News): void;
  /** The same, with the next transaction: it is not worth one of its own. */
  tellLater(news: News): void;
}

export type News = Pick<NewsRow, "kind"> & Partial<Pick<NewsRow, "stage" | "episode" | "step">>;

export function createStoreWriter(db: RunDatabase): StoreWriter {
  const keep = createKeepOnce(db);
  const episodes = db.prepare(EPISODE.insert);
  const turns = db.prepare(TURN.insert);
  const news = db.prepare(NEWS.insert);
  let later: News[] = [];

  function tell(told: News): void {
    news.run(...NEWS.cells({ ...{ seq: null, stage: null, episode: null, step: null }, ...told }));
  }
  function addTurns(episode: number, rows: readonly Turn[], from = 0): void {
    for (const [i, row] of rows.entries()) turns.run(...TURN.cells({ ...row, episode, position: from + i }));
  }
  const writing: Writing =
    (action) =>
    (...args) => {
      const waiting = later;
      // SQLite would go on writing what nobody can open any more.
      if (!existsSync(db.path)) {
        throw new RrrError("bad-run", `${db.path} is gone: the run was removed or moved while it went on`, {
          hint: "Where it was moved, `rrr resume` takes it up there; what was removed has to be begun anew.",
        });
      }
      try {
        db.exec("BEGIN IMMEDIATE");
        waiting.forEach(tell);
        action(...args);
        db.exec("COMMIT");
        later = later.filter((told) => !waiting.includes(told));
      } catch (cause) {
        keep.forget();
        rollBack(db);
        throw writeFailed(db.path, cause);
      }
    };
  return {
    db,
    keep,
    writing,
    tell,
    tellLater: (told) => {
      later = [...later, told];
    },
    addTurns,
    addEpisode(placed) {
      const { lastInsertRowid: id } = episodes.run(...EPISODE.cells(episodeRow(placed, keep)));
      const { stage, step = null, failure = null }: EpisodePlace = placed;
      addTurns(id, turnRows(placed.episode, keep, failure !== null));
      // One that goes on is told when it is there.
      if (placed.episode.kind !== "failed" || placed.part === null)
        tell({ kind: "episode", stage, step, episode: id });
      return id;
    },
  };
}

/** SQLite has rolled back already where the disk is full; that this says so would hide the reason. */
function rollBack(db: RunDatabase): void {
  try {
    db.exec("ROLLBACK");
  } catch {
    // No transaction is active.
  }
}
