/**
 * What several prompts begin with is read once.
 *
 * Reading a prompt means computing the keys and values of its tokens. Those of a token depend on the tokens up to it and on
 * nothing that comes later, so two prompts that begin alike have the same ones there. A retry begins with the conversation
 * that its reflection was asked for in, the reflections of a group answer one prompt, and a task's instructions stand before
 * each of its problems.
 *
 * Prompts are cut into blocks of `blockLength` tokens, counted from the start; the last block may be shorter. A block is
 * found by its tokens below the block before it, so that blocks are a tree whose every path is the beginning of a prompt:
 *
 *     [you are given] ─ [the numbers 3 5 7] ─ [8. make 24 …]
 *                     └ [the numbers 1 2 9] ─ [9. make 21 …] ─ [that is not right …]
 *
 * A prompt is walked down the tree as far as it is there, and the rest is read, a block at a time for all prompts of a batch.
 * Prompts that wait together share in the same way: a block is one node, however many want it.
 *
 * A block is always computed by the same operations in the same order, whoever shares it and whatever was read before:
 * blocks start at the same tokens in every prompt, and nothing else in a batch changes a bit of them (`blockGraph` in
 * sampling-graphs.ts). So a completion is the same, to the bit, whether its prompt was read or found; a run that was
 * interrupted, whose cache is empty, goes on as it would have. That is also why tokens that were sampled are read again where
 * a later prompt has them: the step that sampled them adds up in another order.
 *
 * The cache holds so many bytes; beyond them the blocks go that were not asked for the longest. Whatever changes the weights
 * has to empty it.
 */
import type { KeysAndValues } from "./kv-cache.ts";

/** Tokens of a block: fewer are shared more often, more are read faster. */
export const blockLength = 32;

/** Up to `blockLength` tokens behind those of its ancestors. */
export interface PrefixBlock {
  readonly tokens: Int32Array;
  /** Where its first token stands in a prompt. */
  readonly start: number;
  /** Of each layer `[1, kvHeads, blockLength, headDim]`; unset until it is read. */
  content: KeysAndValues | undefined;
}

export interface PrefixCache {
  /** The blocks of a prompt's tokens, from the first on; those that are new have no content yet, and wait for it. */
  blocksOf(tokens: Int32Array): readonly PrefixBlock[];
  /** Gives up what is beyond the bytes. Blocks that somebody still holds keep their content. */
  trim(): void;
  /** The weights have changed. */
  clear(): void;
}

interface Node extends PrefixBlock {
  readonly next: Map<string, Node>;
  /** The children that it is one of, and its key there. */
  readonly siblings: Map<string, Node>;
  readonly key: string;
}

/** @param blocks most that are kept */
export function createPrefixCache(blocks: number): PrefixCache {
  let roots = new Map<string, Node>();
  /** All nodes, the one that was asked for the longest ago first; and no node before its descendants. */
  const recent = new Set<Node>();
  return {
    blocksOf(tokens) {
      const path: Node[] = [];
      let siblings = roots;
      for (let start = 0; start < tokens.length; start += blockLength) {
        const own = tokens.slice(start, start + blockLength);
        const key = own.join();
        const node = siblings.get(key) ?? {
          tokens: own,
          start,
          content: undefined,
          next: new Map(),
          siblings,
          key,
        };
        siblings.set(key, node);
        path.push(node);
        siblings = node.next;
      }
      for (const node of path.toReversed()) {
        recent.delete(node);
        recent.add(node);
      }
      return path;
    },
    trim() {
      for (const node of recent) {
        if (recent.size <= blocks) break;
        recent.delete(node);
        node.siblings.delete(node.key);
      }
    },
    clear() {
      roots = new Map();
      recent.clear();
    },
  };
}
