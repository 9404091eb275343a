/**
 * What several sequences begin with stands once in a batch.
 *
 * The reflections of a group answer the same prompt, and the prompt is most of what there is to read. A decoder computes
 * a token from the tokens before it and from nothing else, so the prompt comes out the same in front of every reflection:
 * it is enough to compute it once, as the trunk of a tree that has the reflections as its branches,
 *
 *     trunk            branch 1     branch 2     branch 3
 *     p p p p p p p p  q a a a a a  q b b b      q c c c c
 *
 * laid out one after another in a row. Two things make every branch come out as if it stood alone behind the trunk:
 *
 * - Attention: a token sees what is before it in the trunk and in its own branch, and no other branch
 *   (`treeAttention` in scoring-graph.ts).
 * - Position: a token's is its depth in the tree, so that every branch goes on where the trunk ends.
 *
 * Nothing else in a decoder mixes tokens. The gradient needs no thought either: what the branches want of the trunk adds
 * up through the attention, as it would over copies of it.
 *
 * A trunk ends before the last token of a prompt (q above). The hidden state of that token scores the first target, and
 * so every hidden state that is scored belongs to one sequence alone.
 *
 * Which sequences make up a tree? Trunks are found in the tokens, so whoever calls need not know of them. Sorted, what
 * begins alike is side by side, and trees are runs of the sorted sequences. Of all ways to cut them into runs, none longer
 * than a row, the one with the fewest tokens is taken. That keeps groups apart that have only the first words of their
 * chat template in common, and divides a group that is too large for a row into trees with a trunk each. Trees that are no
 * runs could save a token more where one prompt is the whole beginning of another; prompts that end a turn are not.
 */
import type { Datum } from "@rrr/trainer";

/** Sequences that begin alike, by their indices: `trunk` tokens stand once for all of them. 0 for one alone. */
export interface PrefixTree {
  readonly trunk: number;
  readonly data: readonly number[];
  /** Tokens of the trunk and of all branches. */
  readonly size: number;
}

/** Number of the trunk among a tree's branches, which count from 1. */
export const trunkBranch = 0;

/** Number of tokens that a datum feeds to the model: its last target is only predicted. */
export function sequenceLength(datum: Datum): number {
  return datum.prompt.length + datum.targets.length - 1;
}

/** A batch's sequences in the order in which trees are runs of them. */
export interface SortedData {
  readonly lengths: readonly number[];
  readonly order: readonly number[];
  /** The longest trunk that the sequence at each place of the order can share with the one before it. */
  readonly common: readonly number[];
}

/** Done once for a call; `growTrees` is asked for several lengths of rows. */
export function sortData(data: readonly Datum[]): SortedData {
  const prompt = (index: number): Int32Array => (data[index] as Datum).prompt;
  const order = data.map((_, index) => index).sort((a, b) => compare(prompt(a), prompt(b)) || a - b);
  const common = order.map((index, place) => {
    const before = order[place - 1];
    return before === undefined ? 0 : sharedTokens(prompt(before), prompt(index));
  });
  return { lengths: data.map(sequenceLength), order, common };
}

/** @param longest that a tree may be; a sequence that is longer is a tree of its own */
export function growTrees({ lengths, order, common }: SortedData, longest: number): readonly PrefixTree[] {
  // best[end]: the fewest tokens of the first `end` sequences, and the last of the trees that have them.
  const best: { readonly tokens: number; readonly last: PrefixTree | undefined }[] = [
    { tokens: 0, last: undefined },
  ];
  for (let end = 1; end <= order.length; end++) {
    let chosen: (typeof best)[number] | undefined;
    let trunk = Number.POSITIVE_INFINITY;
    let total = 0;
    for (let start = end - 1; start >= 0; start--) {
      total += lengths[order[start] as number] as number;
      const count = end - start;
      const size = count === 1 ? total : total - (count - 1) * trunk;
      if (count > 1 && (size > longest || trunk === 0)) break;
      const tokens = (best[start]?.tokens as number) + size;
      if (chosen === undefined || tokens < chosen.tokens) {
        const last = { trunk: count === 1 ? 0 : trunk, data: order.slice(start, end), size };
        chosen = { tokens, last };
      }
      trunk = Math.min(trunk, common[start] as number);
    }
    best.push(chosen as (typeof best)[number]);
  }
  const trees: PrefixTree[] = [];
  for (let end = order.length; end > 0; end -= trees.at(-1)?.data.length as number) {
    trees.push(best[end]?.last as PrefixTree);
  }
  return trees.reverse();
}

function compare(a: Int32Array, b: Int32Array): number {
  const same = commonStart(a, b);
  return (a[same] ?? -1) - (b[same] ?? -1);
}

/** The last token of a prompt is no part of a trunk. */
function sharedTokens(a: Int32Array, b: Int32Array): number {
  return Math.min(commonStart(a, b), a.length - 1, b.length - 1);
}

function commonStart(a: Int32Array, b: Int32Array): number {
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  return same;
}
