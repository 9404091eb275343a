import { AutodiffError } from "./errors.ts";

/** Anything that holds resources until it is closed. */
export interface Closable {
  close(): Promise<void>;
}

/** A bounded number of sessions (or other closables) by key; the least recently used is closed to make room. */
export interface SessionCache<Entry extends Closable> {
  /** The entry of that key, created if it is not there. Calls at the same time share one creation. */
  get(key: string, create: () => Promise<Entry>): Promise<Entry>;
  /** Closes all entries. */
  close(): Promise<void>;
}

/** @throws bad-argument when capacity is no positive integer */
export function createSessionCache<Entry extends Closable>(capacity: number): SessionCache<Entry> {
  if (!Number.isInteger(capacity) || capacity < 1) {
    throw new AutodiffError(
      "bad-argument",
      `createSessionCache: the capacity is ${capacity}, not a positive integer`,
    );
  }
  // A Map iterates in order of insertion: the first entry is the least recently used one.
  const entries = new Map<string, Promise<Entry>>();
  let closed = false;
  const evict = async (key: string, entry: Promise<Entry>): Promise<void> => {
    entries.delete(key);
    const opened = await entry.catch(() => undefined);
    await opened?.close();
  };
  return {
    get: async (key, create) => {
      if (closed) throw new AutodiffError("closed", `get: the cache was closed, and asked for "${key}"`);
      const known = entries.get(key);
      const entry = known ?? create();
      entries.delete(key);
      entries.set(key, entry);
      if (known === undefined) {
        entry.catch(() => {
          if (entries.get(key) === entry) entries.delete(key);
        });
      }
      const oldest = entries.entries().next().value;
      if (entries.size > capacity && oldest !== undefined) await evict(...oldest);
      return entry;
    },
    close: async () => {
      closed = true;
      await Promise.all([...entries].map((entry) => evict(...entry)));
    },
  };
}
