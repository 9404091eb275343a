import { existsSync } from "node:fs";
import { join } from "node:path";
import { messageOf, RrrError } from "@rrr/core";
import Database from "libsql";
import { SCHEMA_VERSION } from "./schema.ts";
import { writeFailed } from "./write-failed.ts";

/** The database in a run's folder. */
export function databasePath(folder: string): string {
  return join(folder, "run.db");
}

/** Without tables: they come with the run's own row, in one transaction. @throws RrrError `bad-run` */
export function createDatabase(folder: string): Database.Database {
  const path = databasePath(folder);
  try {
    const db = new Database(path);
    db.exec("PRAGMA journal_mode = WAL");
    return db;
  } catch (cause) {
    throw writeFailed(path, cause);
  }
}

/** @throws RrrError `bad-run` where there is none, or one that this version cannot read. */
export function openDatabase(folder: string, mode: "read" | "write"): Database.Database {
  const path = databasePath(folder);
  if (!existsSync(path)) {
    throw new RrrError("bad-run", `${folder} is not a run: it has no run.db`, {
      hint: "`rrr runs` lists the runs of this folder.",
    });
  }
  let version: unknown;
  try {
    const db = new Database(path, { readonly: mode === "read" });
    version = versionIn(db);
    if (version === SCHEMA_VERSION) {
      if (mode === "write") db.exec("PRAGMA journal_mode = WAL");
      return db;
    }
    db.close();
  } catch (cause) {
    throw new RrrError("bad-run", `${path} cannot be read: ${messageOf(cause)}`, {
      cause,
      hint: "It is no run's database, or it is damaged.",
    });
  }
  if (version === undefined) {
    throw new RrrError("bad-run", `${folder} holds no run: it was stopped before it began`, {
      hint: "Start it again; this folder can be removed.",
    });
  }
  throw new RrrError(
    "bad-run",
    `${path} was written with version ${version} of the tables; this rrr reads version ${SCHEMA_VERSION}`,
    { hint: "Use the rrr that wrote it: its version is in the table `run`." },
  );
}

/** Version of the tables; undefined before a run's row is there. */
function versionIn(db: Database.Database): unknown {
  if (db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'run'").get() === undefined) return undefined;
  const row = db.prepare("SELECT schema_version FROM run").get() as
    | { readonly schema_version: unknown }
    | undefined;
  return row?.schema_version;
}

/** Folds the write-ahead log into run.db, so that this one file is the run for whoever copies it. */
export function settle(db: Database.Database): void {
  try {
    db.exec("PRAGMA journal_mode = DELETE");
  } catch {
    // Somebody is reading: the log stays beside the file, and readers use both.
  }
}
