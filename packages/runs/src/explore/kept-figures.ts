import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { checkDatabaseFiles } from "@rrr/core/database";
import Database from "libsql";
import type { RunFigures } from "../read/list-runs.ts";

/**
 * What lists show of runs that are over, kept from one command to the next: to open a run's database takes some
 * milliseconds, and there may be thousands.
 */
export interface KeptFigures {
  /** @param stamp of the run's files: with another one it is another run */
  get(folder: string, stamp: string): RunFigures | undefined;
  put(folder: string, stamp: string, figures: RunFigures): void;
  close(): void;
}

/** The name says of which form they are. */
const FILE = "figures-1.db";
const PATIENCE_MS = 1_000;

/** @param folder where indexes are kept. One that cannot be written keeps them in memory */
export function openKeptFigures(folder: string): KeptFigures {
  const db = openFile(folder);
  const read = db.prepare("SELECT figures FROM kept WHERE folder = ? AND stamp = ?");
  const write = db.prepare("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)");
  return {
    // A damaged file is as good as none: the run itself says the same.
    get: (run, stamp) =>
      orNothing(() => {
        const row = read.get(run, stamp) as { readonly figures: string } | undefined;
        return row && (JSON.parse(row.figures) as RunFigures);
      }),
    put: (run, stamp, figures) => void orNothing(() => write.run(run, stamp, JSON.stringify(figures))),
    close: () => void db.close(),
  };
}

function orNothing<Value>(action: () => Value): Value | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

function openFile(folder: string): Database.Database {
  const path = join(folder, FILE);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    checkDatabaseFiles(path, "bad-cache");
    return withTable(new Database(path, { timeout: PATIENCE_MS }));
  } catch {
    return withTable(new Database(":memory:"));
  }
}

function withTable(db: Database.Database): Database.Database {
  try {
    db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF");
    db.exec("CREATE TABLE IF NOT EXISTS kept (folder TEXT PRIMARY KEY, stamp TEXT, figures TEXT)");
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
