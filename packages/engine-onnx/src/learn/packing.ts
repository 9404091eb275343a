import type { Datum } from "@rrr/trainer";
import type { BatchSizes } from "../memory.ts";
import { growTrees, type PrefixTree, sortData, trunkBranch } from "./prefix-trees.ts";

/** A batch of one static shape: `rows` rows of `length` tokens, with `slots` positions whose next token is scored. */
export interface BatchShape {
  readonly rows: number;
  readonly length: number;
  readonly slots: number;
}

/** Several trees of sequences side by side in the rows of a batch; nothing sees across their borders. */
export interface PackedBatch {
  readonly shape: BatchShape;
  /** `[rows · length]`; 0 where nothing lies. */
  readonly tokens: Int32Array;
  /** Number of the tree that a position belongs to, `[rows · length]`; 0 where nothing lies. */
  readonly trees: Int32Array;
  /** Number of its branch in the tree, `[rows · length]`; `trunkBranch` in the trunk. */
  readonly branches: Int32Array;
  /** Its place in the sequences that it belongs to, `[rows · length]`. */
  readonly depths: BigInt64Array;
  /** Position (row · length + column) whose next token is scored, and that token: `[slots]`. */
  readonly positions: Int32Array;
  readonly labels: Int32Array;
  /** For each position the slot that scores it, or `slots` for none: `[rows · length]`. */
  readonly slotOf: Int32Array;
  /** Which slots hold which datum's targets; slots after the last span are padding. */
  readonly spans: readonly { readonly datum: number; readonly start: number; readonly count: number }[];
}

/** All rows of a call are of one length, a multiple of this: few shapes, little padding. */
const lengthStep = 64;
/**
 * In rows of so many tokens attention costs as much as all else that is done with a token: longer rows have to save more
 * than that. Measured on the built-in models; larger ones mind less.
 */
const costlyLength = 1024;
const usual: Omit<BatchSizes, "keepsMemory"> = { tokens: 1024, slotShares: 2 };

/** Trees side by side in a row. */
interface Row {
  readonly used: number;
  readonly trees: readonly PrefixTree[];
}

/** The rows of a call, and how many of them each batch has. */
interface Layout {
  readonly length: number;
  readonly rows: readonly Row[];
  readonly batches: readonly number[];
}

/**
 * Batches are of few shapes, since each costs a compiled graph and the memory of its activations: full ones, the last of
 * them partly empty, and single rows where little is left. Rows are as long as the longest sequence, or longer where
 * trees with more branches save more than attention over longer rows costs; but no longer than a batch may be, or half a
 * batch more than the longest sequence.
 * @param maxLength the model's context, beyond which a row of single sequences is never filled up
 */
export function packBatches(
  data: readonly Datum[],
  maxLength: number,
  { tokens, slotShares, longest: limit = Number.POSITIVE_INFINITY }: Omit<BatchSizes, "keepsMemory"> = usual,
): readonly PackedBatch[] {
  if (data.length === 0) return [];
  const sorted = sortData(data);
  const longest = Math.max(...sorted.lengths);
  const shortest = Math.min(Math.ceil(longest / lengthStep) * lengthStep, maxLength);
  let best = layOut(growTrees(sorted, shortest), shortest, tokens);
  const most = Math.min(limit, Math.max(tokens, longest + tokens / 2));
  for (
    let length = (Math.floor(shortest / lengthStep) + 1) * lengthStep;
    length <= most;
    length += lengthStep
  ) {
    const other = layOut(growTrees(sorted, length), length, tokens);
    if (costOf(other) < costOf(best)) best = other;
  }
  let start = 0;
  return best.batches.map((count) => {
    const rows = best.rows.slice(start, start + count);
    start += count;
    return packBatch(data, rows, count, best.length, slotShares);
  });
}

/** First-fit decreasing: the largest tree that is left goes into the first row with room for it, else into a new row. */
function layOut(trees: readonly PrefixTree[], length: number, tokens: number): Layout {
  const rows: Row[] = [];
  for (const tree of [...trees].sort((a, b) => b.size - a.size)) {
    const fits = rows.findIndex(({ used }) => length - used >= tree.size);
    const row = rows[fits] ?? { used: 0, trees: [] };
    rows[fits === -1 ? rows.length : fits] = { used: row.used + tree.size, trees: [...row.trees, tree] };
  }
  const full = Math.max(1, Math.floor(tokens / length));
  const batches: number[] = [];
  for (let left = rows.length; left > 0; left -= batches.at(-1) as number) {
    batches.push(left * 3 >= full ? full : 1);
  }
  return { length, rows, batches };
}

/** Padding costs what tokens do. */
function costOf({ length, batches }: Layout): number {
  const rows = batches.reduce((sum, count) => sum + count, 0);
  return rows * length * (costlyLength + length);
}

function packBatch(
  data: readonly Datum[],
  rows: readonly Row[],
  count: number,
  length: number,
  slotShares: number,
): PackedBatch {
  const tokens = new Int32Array(count * length);
  const trees = new Int32Array(count * length);
  const branches = new Int32Array(count * length);
  const depths = new BigInt64Array(count * length);
  const scored: number[] = [];
  const labels: number[] = [];
  const spans: { datum: number; start: number; count: number }[] = [];
  let tree = 0;
  /** Writes a sequence from one depth on. @returns where it ends */
  const write = (sequence: Int32Array, branch: number, from: number, at: number): number => {
    const size = sequence.length - from;
    tokens.set(sequence.subarray(from), at);
    trees.fill(tree, at, at + size);
    branches.fill(branch, at, at + size);
    for (let i = 0; i < size; i++) depths[at + i] = BigInt(from + i);
    return at + size;
  };
  rows.forEach((row, number) => {
    let at = number * length;
    for (const { trunk, data: members } of row.trees) {
      tree++;
      const [first] = members;
      at = write((data[first as number] as Datum).prompt.subarray(0, trunk), trunkBranch, 0, at);
      members.forEach((index, branch) => {
        const { prompt, targets } = data[index] as Datum;
        spans.push({ datum: index, start: scored.length, count: targets.length });
        targets.forEach((target, t) => {
          scored.push(at - trunk + prompt.length - 1 + t);
          labels.push(target);
        });
        const sequence = Int32Array.from([...prompt, ...targets.subarray(0, -1)]);
        at = write(sequence, branch + 1, trunk, at);
      });
    }
  });
  // Half of the positions or all of them, or in finer shares: padding repeats the first slot, with weight 0.
  const share = Math.ceil((count * length) / slotShares);
  const slots = Math.min(Math.ceil(scored.length / share) * share, count * length);
  const positions = new Int32Array(slots).fill(scored[0] as number);
  const padded = new Int32Array(slots).fill(labels[0] as number);
  positions.set(scored);
  padded.set(labels);
  const slotOf = new Int32Array(count * length).fill(slots);
  scored.forEach((position, slot) => {
    slotOf[position] = slot;
  });
  return {
    shape: { rows: count, length, slots },
    ...{ tokens, trees, branches, depths, positions, labels: padded, slotOf, spans },
  };
}
