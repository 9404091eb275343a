import { existsSync } from "node:fs";
import { join } from "node:path";
import { messageOf, RrrError } from "@rrr/core";
import { checkDatabaseFiles } from "@rrr/core/database";
import Database from "libsql";
import { versionIn } from "./known-tables.ts";
import { OLDER_VIEWS, OLDEST_READABLE } from "./older.ts";
import { prepareQuery } from "./read-rows.ts";
import { SCHEMA_VERSION } from "./schema.ts";
import type { Cell } from "./table.ts";
import { writeFailed } from "./write-failed.ts";

/** Others have the file to themselves for a moment: when they open it after a crash, and when they close it. */
const PATIENCE_MS = 5_000;

export interface Statement {
  run(...values: readonly Cell[]): { readonly lastInsertRowid: number; readonly changes: number };
  get(...values: readonly Cell[]): unknown;
  all(...values: readonly Cell[]): unknown[];
  iterate(...values: readonly Cell[]): IterableIterator<unknown>;
}

/** A run's database. What reading it meets, damage above all, is `bad-run`, never an error of SQLite's. */
export interface RunDatabase {
  readonly path: string;
  readonly version: number;
  prepare(sql: string): Statement;
  exec(sql: string): void;
  close(): void;
}

/** The database in a run's folder. */
export function databasePath(folder: string): string {
  return join(folder, "run.db");
}

/** Without tables: they come with the run's own row, in one transaction. @throws RrrError `bad-run` */
export function createDatabase(folder: string): RunDatabase {
  const path = databasePath(folder);
  try {
    const db = new Database(path, { timeout: PATIENCE_MS });
    db.exec("PRAGMA journal_mode = WAL");
    return guarded(db, path, SCHEMA_VERSION, writeFailed);
  } catch (cause) {
    throw writeFailed(path, cause);
  }
}

/**
 * Opens a run. One that an older version wrote is read through views that show its tables as today's.
 * @throws RrrError `bad-run` where there is none, or one that this version cannot read or write.
 */
export function openDatabase(folder: string, mode: "read" | "write"): RunDatabase {
  const path = databasePath(folder);
  if (!existsSync(path)) {
    throw new RrrError("bad-run", `${folder} is not a run: it has no run.db`, {
      hint: "`rrr runs` lists the runs of this folder.",
    });
  }
  let db: Database.Database | undefined;
  let version: number | undefined;
  try {
    checkDatabaseFiles(path, "bad-run");
    db = new Database(path, { readonly: mode === "read", timeout: PATIENCE_MS });
    version = versionIn(db);
    if (version === SCHEMA_VERSION) {
      if (mode === "write") db.exec("PRAGMA journal_mode = WAL");
      return guarded(db, path, version, mode === "write" ? writeFailed : damaged);
    }
    if (mode === "read" && version !== undefined && version >= OLDEST_READABLE && version < SCHEMA_VERSION) {
      db.exec(OLDER_VIEWS);
      return guarded(db, path, version, damaged);
    }
    db.close();
  } catch (cause) {
    db?.close();
    throw damaged(path, cause);
  }
  if (version === undefined) {
    throw new RrrError("bad-run", `${folder} holds no run: it was stopped before it began`, {
      hint: "Start it again; this folder can be removed.",
    });
  }
  const range =
    mode === "read"
      ? `reads versions ${OLDEST_READABLE} to ${SCHEMA_VERSION}`
      : `writes version ${SCHEMA_VERSION}`;
  throw new RrrError(
    "bad-run",
    `${path} was written with version ${version} of the tables; this rrr ${range}`,
    {
      hint: "Use the rrr that wrote it: its version is in the table `run`.",
    },
  );
}

/** Folds the write-ahead log into run.db, so that this one file is the run for whoever copies it. */
export function settle(db: RunDatabase): void {
  try {
    db.exec("PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE");
  } catch {
    // Somebody is reading: the log stays beside the file, and readers use both.
  }
}

/** What a text in the database says as JSON. @throws RrrError `bad-run` where it is none */
export function jsonOf<Value>(db: Pick<RunDatabase, "path">, text: string): Value {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw damaged(db.path, cause);
  }
}

export function damaged(path: string, cause: unknown): RrrError {
  if (RrrError.is(cause)) return cause;
  return new RrrError("bad-run", `${path} cannot be read: ${messageOf(cause)}`, {
    cause,
    hint: "It is no run's database, or it is damaged.",
  });
}

/** @param toError what to throw for whatever the database throws */
function guarded(
  db: Database.Database,
  path: string,
  version: number,
  toError: (path: string, cause: unknown) => RrrError,
): RunDatabase {
  const safely = <Result>(action: () => Result): Result => {
    try {
      return action();
    } catch (cause) {
      throw toError(path, cause);
    }
  };
  return {
    path,
    version,
    exec: (sql) => safely(() => void db.exec(sql)),
    close: () => void db.close(),
    prepare: (sql) =>
      safely(() => {
        const { statement, checked } = prepareQuery(db, sql);
        return {
          run: (...values) =>
            safely(() => {
              const { lastInsertRowid, changes } = statement.run(...values);
              return { lastInsertRowid: Number(lastInsertRowid), changes };
            }),
          get: (...values) =>
            safely(() => {
              const row = statement.get(...values);
              return row && checked(row);
            }),
          all: (...values) => safely(() => (statement.all(...values) as unknown[]).map(checked)),
          *iterate(...values) {
            const rows = safely(() => statement.iterate(...values)[Symbol.iterator]());
            try {
              for (;;) {
                const next = safely(() => rows.next());
                if (next.done) return;
                const row = next.value;
                yield safely(() => checked(row));
              }
            } finally {
              rows.return?.();
            }
          },
        } satisfies Statement;
      }),
  };
}
