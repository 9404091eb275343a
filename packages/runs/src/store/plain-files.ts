/**
 * A run's folder may come from a stranger. What rrr and SQLite open in it by name must be files of its own: a link would
 * lead out of it, and a pipe would never end.
 */
import { closeSync, lstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { RrrError } from "@rrr/core";

/** What SQLite opens beside a database. */
const BESIDE = ["", "-wal", "-shm", "-journal"];
/** The last bytes of a journal that names another file, which SQLite would delete after it has rolled back. */
const NAMES_ANOTHER = "d9d505f920a163d7";

/** Before a database is opened, for reading too: SQLite then rolls back what a crash left. @throws RrrError `bad-run` */
export function checkDatabaseFiles(path: string): void {
  for (const end of BESIDE) checkKind(path + end, "file");
  if (lastBytes(`${path}-journal`, 8) !== NAMES_ANOTHER) return;
  throw refused(`${path}-journal`, "is no journal of rrr's: it names another file");
}

/** Before a run is written. @throws RrrError `bad-run` */
export function checkRunFiles(folder: string): void {
  for (const name of ["result.json", "report.txt"]) checkKind(join(folder, name), "file");
  checkKind(join(folder, "checkpoints"), "folder");
}

function checkKind(path: string, kind: "file" | "folder"): void {
  const entry = lstatSync(path, { throwIfNoEntry: false });
  if (entry === undefined || (kind === "file" ? entry.isFile() : entry.isDirectory())) return;
  throw refused(path, entry.isSymbolicLink() ? "is a link" : `is no ${kind}`);
}

function refused(path: string, what: string): RrrError {
  return new RrrError("bad-run", `${path} ${what}; nothing was read or written`, {
    hint: "rrr makes no such thing in a run's folder. See where the folder comes from.",
  });
}

function lastBytes(path: string, count: number): string {
  const size = lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size < count) return "";
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(count);
    readSync(file, bytes, 0, count, size - count);
    return bytes.toString("hex");
  } finally {
    closeSync(file);
  }
}
