import {
  createSession,
  type Feeds,
  type Session,
  type SessionCache,
  type SessionOptions,
  type Tensor,
} from "@rrr/autodiff";
import type { DecoderConfig } from "@rrr/trainer";
import type { Parameters } from "../decoder/parameters.ts";
import { createKvCache, type KeysAndValues } from "./kv-cache.ts";
import { blockLength, type PrefixBlock } from "./prefix-cache.ts";
import { isLight } from "./room.ts";
import { blockGraph, blockWeights } from "./sampling-graphs.ts";

/** Blocks are read after a past of this length or a power of two times it. */
const shortestPast = 64;

/**
 * How many of the blocks that are left are read next. Of a large model each costs the same in any number, and so few are
 * read for nobody; of a small one a run costs more than what it does.
 */
function batchSize(left: number, most: number, isLarge: boolean): number {
  const [sizes, spare] = isLarge ? [[32, 16, 8, 4, 2, 1], 8 / 7] : [[32, 8, 1], 2];
  return sizes.find((size) => size <= left * spare && size <= most) ?? 1;
}

/** Computes what blocks of prompts are without. */
export interface PromptReader {
  /** @param prompts the blocks of each, from the first on */
  read(prompts: readonly (readonly PrefixBlock[])[]): Promise<void>;
}

export function createPromptReader(
  config: DecoderConfig,
  parameters: Parameters,
  sessions: SessionCache<Session<Readonly<Record<string, Tensor>>>>,
  options: SessionOptions & { readonly rows: number; readonly sameOn?: number },
): PromptReader {
  const { feeds } = parameters;
  const isLarge = !isLight(config, 8);
  const weights = Object.fromEntries(
    blockWeights(config, Object.keys(feeds)).map((name) => [name, feeds[name] as Feeds[string]]),
  );
  /** What stands before the blocks that are being read, a row each. */
  const past = createKvCache(config);

  /** @param batch each with the blocks before it, and all of them at the same place of their prompts */
  const readBatch = async (batch: readonly (readonly PrefixBlock[])[], rows: number): Promise<void> => {
    const start = batch[0]?.at(-1)?.start ?? 0;
    const length = shortestPast * 2 ** Math.max(0, Math.ceil(Math.log2(start / shortestPast)));
    past.start({ rows, length });
    const tokens = new Int32Array(rows * blockLength);
    batch.forEach((path, row) => {
      for (const block of path.slice(0, -1)) past.fill(row, block.start, contentOf(block), 0, blockLength);
      tokens.set(path.at(-1)?.tokens ?? [], row * blockLength);
    });
    const positions = BigInt64Array.from({ length: rows * blockLength }, (_, i) =>
      BigInt(start + (i % blockLength)),
    );
    const session = await sessions.get(`${rows}×${length}`, () =>
      createSession(
        blockGraph(config, parameters, { rows, length }, options.sameOn ?? options.threads ?? 0),
        options,
      ),
    );
    const results = (await session.run({
      ...weights,
      ...past.feeds,
      tokens,
      positions,
    })) as KeysAndValues["arrays"];
    batch.forEach((path, row) => {
      const block = path.at(-1) as PrefixBlock;
      // Of its own: kept after the others of the batch are given up, it would keep their memory as well.
      const arrays = Object.fromEntries(
        Object.entries(results).map(([name, data]) => {
          const size = data.length / rows;
          return [name, data.slice(row * size, (row + 1) * size)];
        }),
      );
      block.content = { length: blockLength, arrays };
    });
  };

  return {
    async read(prompts) {
      const most = prompts.reduce((longest, blocks) => Math.max(longest, blocks.length), 0);
      for (let depth = 1; depth <= most; depth++) {
        // Each block once, whose blocks before it have been read.
        const unread = new Map(
          prompts
            .map((blocks) => [blocks[depth - 1], blocks.slice(0, depth)] as const)
            .filter(([block]) => block !== undefined && block.content === undefined),
        );
        const paths = [...unread.values()];
        for (let start = 0; start < paths.length; ) {
          const left = paths.length - start;
          const rows = batchSize(left, options.rows, isLarge);
          await readBatch(paths.slice(start, start + rows), rows);
          start += rows;
        }
      }
    },
  };
}

/** @throws Error where the blocks before another were not read first, which is a mistake here */
export function contentOf({ content, start }: PrefixBlock): KeysAndValues {
  if (content === undefined) throw new Error(`the block at token ${start} has not been read`);
  return content;
}
