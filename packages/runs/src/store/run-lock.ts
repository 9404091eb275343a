import { existsSync, rmSync } from "node:fs";
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
  checkDatabaseFiles(path, "bad-run");
  let db: Database.Database;
  try {
    // Who only asks whether it is held has it for an instant.
    db = new Database(path, { timeout: 200 });
  } catch (cause) {
    throw writeFailed(path, cause);
  }
  try {
    db.exec("BEGIN EXCLUSIVE");
  } catch (cause) {
    db.close();
    if (!/lock|busy/i.test(String(cause))) throw writeFailed(path, cause);
    throw new RrrError("bad-run", `${folder} is being written by another rrr`, {
      cause,
      hint: "Wait for it, or stop it first.",
    });
  }
  return () => {
    rmSync(path, { force: true });
    db.close();
  };
}

/** Whether a process is writing a run. The file itself stays where one was killed; only asked, never taken away. */
export function isLocked(folder: string): boolean {
  const path = join(folder, ".lock");
  if (!existsSync(path)) return false;
  let db: Database.Database | undefined;
  try {
    checkDatabaseFiles(path, "bad-run");
    db = new Database(path, { readonly: true, timeout: 0 });
    db.prepare("SELECT count(*) FROM sqlite_master").get();
    return false;
  } catch (error) {
    return /lock|busy/i.test(String(error));
  } finally {
    db?.close();
  }
}
