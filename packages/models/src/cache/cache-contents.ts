import { statSync } from "node:fs";
import type { Database } from "libsql";
import { cacheError } from "./cache-error.ts";
import { bytesOf, checkCacheFiles, openCacheFile, textOf } from "./cache-file.ts";

/** What the cache holds of one model. */
export interface CachedModel {
  readonly model: string;
  readonly source: string;
  readonly completions: number;
  /** Of the completions as they are kept. */
  readonly bytes: number;
  /** When the first and the last of them were kept, in milliseconds since 1970. */
  readonly oldestMs: number;
  readonly newestMs: number;
}

export interface CacheContents {
  readonly path: string;
  /** On disk, whatever lies beside the file included. */
  readonly bytes: number;
  /** Those with the most completions first. */
  readonly models: readonly CachedModel[];
}

/** Which entries to clear: those that fit all that is said. */
export interface CacheSelection {
  /** The model's name. */
  readonly model?: string;
  /** Kept before this time, in milliseconds since 1970. */
  readonly beforeMs?: number;
}

/** What a cache holds; a file that is not there holds nothing. @throws RrrError `bad-cache` */
export async function readCacheContents(path: string): Promise<CacheContents> {
  const models = await withFile(path, [], (db) => {
    const query = `SELECT ${bytesOf("model")}, ${bytesOf("source")}, count(*) AS completions,
      sum(octet_length(completion)) AS bytes, CAST(min(created_at) AS INTEGER) AS oldestMs,
      CAST(max(created_at) AS INTEGER) AS newestMs
      FROM entry GROUP BY entry.model, entry.source ORDER BY completions DESC, entry.model, entry.source`;
    return (db.prepare(query).all() as Row[]).map((row) => ({
      ...row,
      model: textOf(row.model),
      source: textOf(row.source),
    }));
  });
  return { path, bytes: bytesOnDisk(path), models };
}

/** Removes entries, also while others use the cache. @returns how many @throws RrrError `bad-cache` */
export function clearCache(path: string, { model, beforeMs }: CacheSelection): Promise<number> {
  return withFile(path, 0, (db) => {
    const clear = db.prepare(
      "DELETE FROM entry WHERE model = coalesce(?, model) AND created_at < coalesce(?, ?)",
    );
    const { changes } = clear.run(model ?? null, beforeMs ?? null, Number.MAX_SAFE_INTEGER);
    giveBackSpace(db);
    return changes;
  });
}

async function withFile<T>(path: string, ofNone: T, action: (db: Database) => T): Promise<T> {
  checkCacheFiles(path);
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return ofNone;
  const db = await openCacheFile(path);
  try {
    return action(db);
  } catch (cause) {
    throw cacheError(path, cause);
  } finally {
    db.close();
  }
}

/** Space inside the file is used again in any case; the disk gets it back when nobody else is at work. */
function giveBackSpace(db: Database): void {
  try {
    db.exec("VACUUM");
    db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } catch {
    // Busy: another time.
  }
}

type Row = Omit<CachedModel, "model" | "source"> & Record<"model" | "source", ArrayBuffer | null>;

function bytesOnDisk(path: string): number {
  const files = [path, `${path}-wal`, `${path}-shm`];
  return files.reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);
}
