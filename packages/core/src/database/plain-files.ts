/**
 * A folder may come from a stranger. What rrr and SQLite open in it by name must be files of its own: a link would lead
 * out of it, and a pipe would never end.
 */
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from "node:fs";
import { RrrError, type RrrErrorCode } from "../errors.ts";

/** What SQLite opens beside a database. */
const BESIDE = ["", "-wal", "-shm", "-journal"];
/** The last bytes of a journal that names another file, which SQLite would delete after it has rolled back. */
const NAMES_ANOTHER = "d9d505f920a163d7";

/**
 * Before a database is opened, for reading too: SQLite then rolls back what a crash left.
 * @param code of what is thrown
 */
export function checkDatabaseFiles(path: string, code: RrrErrorCode): void {
  for (const end of BESIDE) checkKind(path + end, "file", code);
  if (lastBytes(`${path}-journal`, 8) !== NAMES_ANOTHER) return;
  throw refused(`${path}-journal`, "is no journal of rrr's: it names another file", code);
}

/** What is there must be of this kind. @param code of what is thrown */
export function checkKind(path: string, kind: "file" | "folder", code: RrrErrorCode): void {
  const entry = lstatSync(path, { throwIfNoEntry: false });
  if (entry === undefined || (kind === "file" ? entry.isFile() : entry.isDirectory())) return;
  throw refused(path, entry.isSymbolicLink() ? "is a link" : `is no ${kind}`, code);
}

function refused(path: string, what: string, code: RrrErrorCode): RrrError {
  return new RrrError(code, `${path} ${what}; nothing was read or written`, {
    hint: "rrr makes no such thing there. See where the folder comes from.",
  });
}

function lastBytes(path: string, count: number): string {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    // Another process's journal goes when it has committed.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
  try {
    const bytes = Buffer.alloc(count);
    const { size } = fstatSync(file);
    if (size >= count) readSync(file, bytes, 0, count, size - count);
    return bytes.toString("hex");
  } finally {
    closeSync(file);
  }
}
