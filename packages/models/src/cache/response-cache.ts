import type { Completion, RrrError } from "@rrr/core";
import { cacheError } from "./cache-error.ts";
import { bytesOf, inTransaction, openCacheFile, textOf } from "./cache-file.ts";
import { responseCachePath } from "./cache-path.ts";
import { digestOf } from "./kept-completion.ts";
import type { ModelIdentity } from "./model-identity.ts";

export interface ResponseCacheOptions {
  /** Default: `responseCachePath()`. */
  readonly path?: string;
  /**
   * Called once, when the file fails while it is in use (a full disk, damage). From then on every request is a miss
   * and nothing is kept: a cache never costs a run its answers.
   */
  readonly onFailure?: (error: RrrError) => void;
}

/** What was answered from the cache, and cost nothing. */
export interface Served {
  readonly completions: number;
  /** Tokens of their prompts, as far as the models said. */
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** Answers of models on disk. Any number of processes may use one file at the same time. */
export interface ResponseCache {
  readonly path: string;
  /** All `n` completions of a request, or undefined. */
  find(key: string, n: number): readonly Completion[] | undefined;
  /** Resolves when they are committed: what was kept survives the death of the process. */
  keep(key: string, identity: ModelIdentity, completions: readonly Completion[]): Promise<void>;
  served(): Served;
  /** Writes what is pending. Requests that are answered later are not kept. */
  close(): void;
}

interface Pending {
  readonly write: () => void;
  readonly settle: () => void;
}

/** @throws RrrError `bad-cache` if the file is damaged, is not a cache of ours, or cannot be written */
export async function openResponseCache(options: ResponseCacheOptions = {}): Promise<ResponseCache> {
  const { path = responseCachePath(), onFailure } = options;
  const db = await openCacheFile(path);
  const select = db.prepare(
    `SELECT ${bytesOf("digest")}, ${bytesOf("completion")} FROM entry WHERE key = ? ORDER BY sample`,
  );
  const insert = db.prepare("INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)");
  const served = { completions: 0, promptTokens: 0, completionTokens: 0 };
  let pending: Pending[] = [];
  let usable = true;

  function guarded<T>(action: () => T): T | undefined {
    if (!usable) return undefined;
    try {
      return action();
    } catch (cause) {
      usable = false;
      onFailure?.(cacheError(path, cause));
      return undefined;
    }
  }

  /** One transaction for everything that arrived in one turn of the event loop. */
  function flush(): void {
    const batch = pending;
    pending = [];
    const writeAll = (): void => {
      for (const { write } of batch) write();
    };
    if (batch.length > 0) guarded(() => inTransaction(db, writeAll));
    for (const { settle } of batch) settle();
  }

  return {
    path,
    find(key, n) {
      const rows = guarded(() => select.all(key) as Row[]) ?? [];
      const texts = rows.map(({ completion }) => textOf(completion));
      // The place is part of the digest, so that no sample can stand for another.
      const whole = texts.filter((text, i) => digestOf(key, i, text) === textOf(rows[i]?.digest ?? null));
      if (whole.length !== n) return undefined;
      const found = whole.map((text) => JSON.parse(text) as Completion);
      for (const { usage } of found) {
        served.completions++;
        served.promptTokens += usage?.prompt ?? 0;
        served.completionTokens += usage?.completion ?? 0;
      }
      return found;
    },
    keep: (key, { model, source }, completions) =>
      new Promise((settle) => {
        const write = (): void => {
          for (const [sample, completion] of completions.entries()) {
            const text = JSON.stringify(completion);
            insert.run(key, sample, model, source, Date.now(), digestOf(key, sample, text), text);
          }
        };
        if (pending.push({ write, settle }) === 1) setImmediate(flush);
      }),
    served: () => ({ ...served }),
    close() {
      flush();
      usable = false;
      db.close();
    },
  };
}

interface Row {
  readonly digest: ArrayBuffer | null;
  readonly completion: ArrayBuffer | null;
}
