import { existsSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { RrrError } from "@rrr/core";
import { checkDatabaseFiles } from "@rrr/core/database";
import Database from "libsql";
import { writeFailed } from "./write-failed.ts";

/**
 * Makes this process the one that writes a run. The lock is SQLite's own on a file of no other use: the system lets
 * it go when the process ends, however it ends, and readers of run.db never meet it.
 * @returns a function that gives it back. @throws RrrError `bad-run` if another process has it.
 */
export function lockRun(folder: string): () => void {
  const path = join(folder, ".lock");
  for (let tries = 1; ; tries++) {
    const db = tryToLock(path, folder, tries);
    const own = db && fileAt(path);
    // Who had it before has removed the file while this one waited for it: what is locked now is nobody's.
    if (db === undefined || own === undefined) {
      db?.close();
      continue;
    }
    return () => {
      // Where the run was moved, another one may be at its place.
      if (fileAt(path) === own) rmSync(path, { force: true });
      db.close();
    };
  }
}

const MOST_TRIES = 50;

/** @returns undefined where it is worth another try */
function tryToLock(path: string, folder: string, tries: number): Database.Database | undefined {
  checkDatabaseFiles(path, "bad-run");
  let db: Database.Database | undefined;
  try {
    // Who only asks whether it is held has it for an instant.
    db = new Database(path, { timeout: 200 });
    db.exec("BEGIN EXCLUSIVE");
    return db;
  } catch (cause) {
    db?.close();
    if (isBusy(cause)) {
      throw new RrrError("bad-run", `${folder} is being written by another rrr`, {
        cause,
        hint: "Wait for it, or stop it first.",
      });
    }
    // A file that was removed meanwhile cannot be written.
    if (tries < MOST_TRIES && /disk I\/O error/.test(String(cause))) return undefined;
    throw writeFailed(path, cause);
  }
}

/** Which file is there. */
function fileAt(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found && `${found.dev} ${found.ino}`;
}

/** Whether a process is writing a run, or may be: what cannot be asked is taken for held. */
export function isLocked(folder: string): boolean {
  const path = join(folder, ".lock");
  if (!existsSync(path)) return false;
  let db: Database.Database | undefined;
  try {
    checkDatabaseFiles(path, "bad-run");
    db = new Database(path, { readonly: true, timeout: 0 });
    db.prepare("SELECT count(*) FROM sqlite_master").get();
    return false;
  } catch {
    return true;
  } finally {
    db?.close();
  }
}

function isBusy(error: unknown): boolean {
  return (error as { readonly code?: unknown }).code === "SQLITE_BUSY";
}
