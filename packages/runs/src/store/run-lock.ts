import { rmSync } from "node:fs";
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
    db = new Database(path, { timeout: 0 });
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
