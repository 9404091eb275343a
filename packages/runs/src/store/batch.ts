/**
 * Rows wait for so many others, or so long, to be written together: one sync of the disk for all of them. What comes in the
 * same turn of the event loop joins them, so that answers that come in bursts are few transactions; there is an end to that.
 */
const SIZE = 64;
const WAIT_MS = 250;
const MOST = 256;

/** Rows on their way to the disk. */
export interface Batch<Row> {
  readonly waiting: readonly Row[];
  /** @param isCostly false: a row that takes nothing to make again does not hurry the others */
  add(row: Row, isCostly?: boolean): void;
  /** Writes what waits, if anything does. @throws what writing throws, now or earlier */
  flush(): void;
  /** Takes what waits, for a transaction of the caller's that writes it. @throws what writing threw earlier */
  take(): readonly Row[];
}

/** @param write writes all that waits, by way of `take` @param most rows that wait for each other */
export function createBatch<Row>(write: () => void, most: number = MOST): Batch<Row> {
  let waiting: Row[] = [];
  let costly = 0;
  let timer: NodeJS.Timeout | undefined;
  let soon: NodeJS.Immediate | undefined;
  let failed: { readonly error: unknown } | undefined;
  /** Nobody waits for it: what it throws is thrown to the next who comes. */
  function tryToWrite(): void {
    try {
      write();
    } catch (error) {
      failed = { error };
    }
  }
  return {
    get waiting() {
      return waiting;
    },
    add(row, isCostly = true) {
      waiting.push(row);
      costly += Number(isCostly);
      if (waiting.length >= most || failed !== undefined) write();
      else {
        // Where nothing more comes for a while.
        timer ??= setTimeout(tryToWrite, WAIT_MS);
        if (costly >= SIZE) soon ??= setImmediate(tryToWrite);
      }
    },
    flush() {
      if (waiting.length > 0 || failed !== undefined) write();
    },
    take() {
      clearTimeout(timer);
      timer = undefined;
      clearImmediate(soon);
      soon = undefined;
      if (failed !== undefined) throw failed.error;
      const taken = waiting;
      waiting = [];
      costly = 0;
      return taken;
    },
  };
}
