import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { RrrError } from "@rrr/core";
import { checkDatabaseFiles, readSchema, schemaHash } from "@rrr/core/database";
import type { Database } from "libsql";
import { cacheError } from "./cache-error.ts";

/** "RRRC" in the header of the file says whose it is. */
const APPLICATION_ID = 0x52525243;
/** How long to wait for another process that writes: its transactions take milliseconds. */
const BUSY_MS = 5_000;

const SCHEMA = `
CREATE TABLE entry (
  key TEXT NOT NULL,
  sample INTEGER NOT NULL,
  model TEXT NOT NULL,
  source TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  digest TEXT NOT NULL,
  completion TEXT NOT NULL,
  PRIMARY KEY (key, sample)
) STRICT;
PRAGMA application_id = ${APPLICATION_ID};
`;

/**
 * Opens the cache's database, making it where there is none.
 * @throws RrrError `bad-cache` if the file is damaged, is not a cache of ours, or cannot be written; it is left as it was
 */
export async function openCacheFile(path: string): Promise<Database> {
  checkCacheFiles(path);
  // Loaded when it is needed: it is native code, and most uses of this package have no cache.
  const { default: Sqlite } = await import("libsql");
  try {
    makeFolder(dirname(path));
    const empty = new Sqlite(":memory:");
    empty.exec(SCHEMA);
    const ours = schemaHash(readSchema(empty));
    empty.close();
    const db = new Sqlite(path, { timeout: BUSY_MS });
    await makeOurs(db, path, ours).catch((error: unknown) => {
      db.close();
      throw error;
    });
    return db;
  } catch (cause) {
    throw cacheError(path, cause);
  }
}

/** Its folder may come from elsewhere. @throws RrrError `bad-cache` for links, pipes and journals that are not ours */
export function checkCacheFiles(path: string): void {
  try {
    checkDatabaseFiles(path, "bad-cache");
  } catch (cause) {
    throw cacheError(path, cause);
  }
}

async function makeOurs(db: Database, path: string, ours: string): Promise<void> {
  // In one transaction with the check, for another process may be at the same point.
  inTransaction(db, () => isEmpty(db) && db.exec(SCHEMA));
  // To the letter: a view or a trigger in a file from elsewhere would run.
  if (ownerOf(db) !== APPLICATION_ID || schemaHash(readSchema(db)) !== ours) throw foreign(path);
  await toWalMode(db);
  // A commit survives the death of the process; a power failure may cost the last ones, and damages nothing.
  db.exec("PRAGMA synchronous = NORMAL");
}

/** All of it or nothing. libsql's own says of a full disk only that there is nothing to roll back. */
export function inTransaction(db: Database, action: () => void): void {
  db.exec("BEGIN IMMEDIATE");
  try {
    action();
    db.exec("COMMIT");
  } catch (error) {
    if (db.inTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

/** A column to be read with `textOf`: in a damaged file a text may be no UTF-8, and there libsql ends the process. */
export function bytesOf(column: string): string {
  return `CAST(${column} AS BLOB) AS ${column}`;
}

export function textOf(bytes: ArrayBuffer | null): string {
  return Buffer.from(bytes ?? new ArrayBuffer(0)).toString();
}

function isEmpty(db: Database): boolean {
  const row = db.prepare("SELECT count(*) AS objects FROM sqlite_schema").get();
  return (row as { readonly objects: number }).objects === 0 && ownerOf(db) === 0;
}

function ownerOf(db: Database): number {
  const row = db.prepare("PRAGMA application_id").get();
  return (row as { readonly application_id: number }).application_id;
}

function foreign(path: string): RrrError {
  return new RrrError(
    "bad-cache",
    `${path} is no response cache of this rrr: it is a database of another program, or its tables were changed`,
    {
      hint: "Nothing in it was changed. Give another folder in RRR_CACHE_DIR.",
    },
  );
}

/** The one statement for which SQLite does not wait by itself while another process opens the same file. */
async function toWalMode(db: Database): Promise<void> {
  for (let left = 100; ; left--) {
    try {
      db.exec("PRAGMA journal_mode = WAL");
      return;
    } catch (error) {
      if ((error as { readonly code?: unknown }).code !== "SQLITE_BUSY" || left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** For its owner only, as answers may be private. Node's own `recursive` never returns below /proc. */
function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false }) !== undefined) return;
  makeFolder(dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
}
