import { existsSync } from "node:fs";
import { join } from "node:path";
import { messageOf, RrrError } from "@rrr/core";
import Database from "libsql";
import { SCHEMA, SCHEMA_VERSION } from "./schema.ts";
import { writeFailed } from "./write-failed.ts";

/** The database in a run's folder. */
export function databasePath(folder: string): string {
  return join(folder, "run.db");
}

/** @throws RrrError `bad-run` */
export function createDatabase(folder: string): Database.Database {
  const path = databasePath(folder);
  try {
    const db = new Database(path);
    db.exec("PRAGMA journal_mode = WAL");
    db.exec(SCHEMA);
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
    version = (db.prepare("SELECT schema_version FROM run").get() as { schema_version?: unknown } | undefined)
      ?.schema_version;
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
  const what = version === undefined ? "holds no run" : `was written with version ${version} of the tables`;
  throw new RrrError("bad-run", `${path} ${what}; this rrr reads version ${SCHEMA_VERSION}`, {
    hint: "Use the rrr that wrote it: its version is in the table `run`.",
  });
}

/** Folds the write-ahead log into run.db, so that this one file is the run for whoever copies it. */
export function settle(db: Database.Database): void {
  try {
    db.exec("PRAGMA journal_mode = DELETE");
  } catch {
    // Somebody is reading: the log stays beside the file, and readers use both.
  }
}
