import type Database from "libsql";
import { writeFailed } from "./write-failed.ts";

/** Makes an action one transaction: all or nothing, on disk when it returns. What fails throws `bad-run`. */
export type Writing = <Args extends readonly unknown[]>(
  action: (...args: Args) => void,
) => (...args: Args) => void;

/** @param path of the database, for messages */
export function createWriting(db: Database.Database, path: string): Writing {
  return (action) =>
    (...args) => {
      try {
        db.exec("BEGIN IMMEDIATE");
        action(...args);
        db.exec("COMMIT");
      } catch (cause) {
        rollBack(db);
        throw writeFailed(path, cause);
      }
    };
}

/** SQLite has rolled back already where the disk is full; that this says so would hide the reason. */
function rollBack(db: Database.Database): void {
  try {
    db.exec("ROLLBACK");
  } catch {
    // No transaction is active.
  }
}
