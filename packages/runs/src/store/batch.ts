/** Rows wait for so many others, or so long, to be written together: one sync of the disk for all of them. */
const SIZE = 64;
const WAIT_MS = 250;

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

/** @param write writes all that waits, by way of `take` */
export function createBatch<Row>(write: () => void): Batch<Row> {
  let waiting: Row[] = [];
  let costly = 0;
  let timer: NodeJS.Timeout | undefined;
  let failed: { readonly error: unknown } | undefined;
  return {
    get waiting() {
      return waiting;
    },
    add(row, isCostly = true) {
      waiting.push(row);
      costly += Number(isCostly);
      if (costly >= SIZE || failed !== undefined) write();
      // Where nothing more comes for a while.
      else
        timer ??= setTimeout(() => {
          try {
            write();
          } catch (error) {
            failed = { error };
          }
        }, WAIT_MS);
    },
    flush() {
      if (waiting.length > 0 || failed !== undefined) write();
    },
    take() {
      clearTimeout(timer);
      timer = undefined;
      if (failed !== undefined) throw failed.error;
      const taken = waiting;
      waiting = [];
      costly = 0;
      return taken;
    },
  };
}
