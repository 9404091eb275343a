import { RrrError } from "@rrr/core";
import type { Row } from "./row.ts";

/** Runs rows in batches, in the order in which they came. */
export interface Batcher {
  add(rows: readonly Row[]): void;
  /** Fails all rows that are not over; resolves when nothing runs any more. */
  stop(error: unknown): Promise<void>;
}

/**
 * @param batchSize most rows of one batch
 * @param contextLength of the model, in tokens: a batch is padded to its longest prompt and runs for its longest
 * completion, and the two must fit together, which rows that are too different do not
 */
export function createBatcher(
  batchSize: number,
  contextLength: number,
  run: (rows: readonly Row[]) => Promise<void>,
): Batcher {
  let queue: Row[] = [];
  let running: readonly Row[] = [];
  let working: Promise<void> | undefined;

  const take = (): readonly Row[] => {
    queue = queue.filter(({ isOver }) => !isOver);
    let longest = 0;
    let most = 0;
    const end = queue.findIndex(({ prompt, maxTokens }, index) => {
      longest = Math.max(longest, prompt.length);
      most = Math.max(most, maxTokens);
      return index === batchSize || longest + most > contextLength;
    });
    return queue.splice(0, end === -1 ? queue.length : end);
  };

  const failAll = (rows: readonly Row[], error: unknown): void => {
    for (const row of rows) if (!row.isOver) row.fail(error);
  };

  const work = async (): Promise<void> => {
    // Requests made together run together.
    await new Promise(setImmediate);
    for (running = take(); running.length > 0; running = take()) {
      const rows = running;
      const early = new RrrError("model-failed", "the batch ended before its completions");
      await run(rows).then(
        () => failAll(rows, early),
        (error: unknown) => failAll(rows, error),
      );
    }
    working = undefined;
  };

  return {
    add(rows) {
      queue.push(...rows);
      working ??= work();
    },
    async stop(error) {
      failAll([...running, ...queue], error);
      await working;
    },
  };
}
