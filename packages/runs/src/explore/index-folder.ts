import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

/** What the page keeps of runs: their search indexes, and the figures of its list. All of it can be made again. */
export interface IndexFolder {
  readonly path: string;
  /** Runs that have an index. */
  readonly runs: number;
  /** On disk, whatever lies beside the indexes included. */
  readonly bytes: number;
}

/** A name that `openEpisodeIndex` or `openKeptFigures` gives, and what SQLite puts beside it. */
const OWN = /^([0-9a-f]{32}|figures-\d+)\.db(-wal|-shm|-journal)?$/;
const INDEX = /^[0-9a-f]{32}\.db$/;

/** A folder that is not there holds nothing. */
export function readIndexFolder(folder: string): IndexFolder {
  return summary(folder, filesIn(folder));
}

/**
 * Removes indexes; a page that is open goes on with its own.
 * @param beforeMs only those that were changed last before this time, in milliseconds since 1970
 * @returns what was removed
 */
export function clearIndexFolder(folder: string, beforeMs: number = Number.POSITIVE_INFINITY): IndexFolder {
  const changed = new Map<string, number>();
  const files = filesIn(folder);
  const indexOf = (name: string): string => name.slice(0, name.indexOf(".db"));
  for (const { name, mtimeMs } of files) {
    changed.set(indexOf(name), Math.max(mtimeMs, changed.get(indexOf(name)) ?? 0));
  }
  const cleared = files.filter(({ name }) => (changed.get(indexOf(name)) ?? 0) < beforeMs);
  for (const { name } of cleared) rmSync(join(folder, name), { force: true });
  return summary(folder, cleared);
}

interface File {
  readonly name: string;
  readonly size: number;
  readonly mtimeMs: number;
}

function filesIn(folder: string): readonly File[] {
  const names = statSync(folder, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(folder) : [];
  return names
    .filter((name) => OWN.test(name))
    .flatMap((name) => {
      const found = statSync(join(folder, name), { throwIfNoEntry: false });
      return found === undefined ? [] : [{ name, size: found.size, mtimeMs: found.mtimeMs }];
    });
}

function summary(path: string, files: readonly File[]): IndexFolder {
  return {
    path,
    runs: files.filter(({ name }) => INDEX.test(name)).length,
    bytes: files.reduce((sum, { size }) => sum + size, 0),
  };
}
