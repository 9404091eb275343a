import type { Datum } from "@rrr/trainer";
import type { BatchSizes } from "../memory.ts";

/** A batch of one static shape: `rows` rows of `length` tokens, with `slots` positions whose next token is scored. */
export interface BatchShape {
  readonly rows: number;
  readonly length: number;
  readonly slots: number;
}

/** Several sequences side by side in the rows of a batch; nothing sees across their borders. */
export interface PackedBatch {
  readonly shape: BatchShape;
  /** `[rows · length]`; 0 where nothing lies. */
  readonly tokens: Int32Array;
  /** Number of the sequence that a position belongs to, `[rows · length]`; 0 where nothing lies. */
  readonly segments: Int32Array;
  /** Position (row · length + column) whose next token is scored, and that token: `[slots]`. */
  readonly positions: Int32Array;
  readonly labels: Int32Array;
  /** For each position the slot that scores it, or `slots` for none: `[rows · length]`. */
  readonly slotOf: Int32Array;
  /** Which slots hold which datum's targets; slots after the last span are padding. */
  readonly spans: readonly { readonly datum: number; readonly start: number; readonly count: number }[];
}

/** All rows of a call are as long as its longest sequence, rounded up to this: few shapes, little padding. */
const lengthStep = 64;
const usual: Pick<BatchSizes, "tokens" | "slotShares"> = { tokens: 1024, slotShares: 2 };

interface Row {
  used: number;
  readonly data: number[];
}

/** Number of tokens that a datum feeds to the model: its last target is only predicted. */
export function sequenceLength(datum: Datum): number {
  return datum.prompt.length + datum.targets.length - 1;
}

/**
 * First-fit decreasing: the longest sequence that is left goes into the first row with room for it, else into a new
 * row. Batches are of few shapes, since each costs a compiled graph and the memory of its activations: full ones,
 * the last of them partly empty, and single rows where little is left.
 */
export function packBatches(
  data: readonly Datum[],
  maxLength: number,
  { tokens, slotShares }: Pick<BatchSizes, "tokens" | "slotShares"> = usual,
): readonly PackedBatch[] {
  const order = data.map((_, index) => index).sort((a, b) => lengthOf(data, b) - lengthOf(data, a) || a - b);
  const longest = order.length === 0 ? 0 : lengthOf(data, order[0] as number);
  const length = Math.min(Math.ceil(longest / lengthStep) * lengthStep, maxLength);
  const rows: Row[] = [];
  for (const index of order) {
    const size = lengthOf(data, index);
    let row = rows.find((candidate) => length - candidate.used >= size);
    if (row === undefined) {
      row = { used: 0, data: [] };
      rows.push(row);
    }
    row.used += size;
    row.data.push(index);
  }
  const full = Math.max(1, Math.floor(tokens / length));
  const batches: PackedBatch[] = [];
  for (let start = 0; start < rows.length; ) {
    const count = (rows.length - start) * 3 >= full ? full : 1;
    batches.push(packBatch(data, rows.slice(start, start + count), count, length, slotShares));
    start += count;
  }
  return batches;
}

function packBatch(
  data: readonly Datum[],
  rows: readonly Row[],
  count: number,
  length: number,
  slotShares: number,
): PackedBatch {
  const tokens = new Int32Array(count * length);
  const segments = new Int32Array(count * length);
  const scored: number[] = [];
  const labels: number[] = [];
  const spans: { datum: number; start: number; count: number }[] = [];
  let segment = 0;
  rows.forEach((row, number) => {
    let at = number * length;
    for (const index of row.data) {
      const { prompt, targets } = data[index] as Datum;
      const size = prompt.length + targets.length - 1;
      tokens.set(prompt, at);
      tokens.set(targets.subarray(0, -1), at + prompt.length);
      segments.fill(++segment, at, at + size);
      spans.push({ datum: index, start: scored.length, count: targets.length });
      targets.forEach((target, t) => {
        scored.push(at + prompt.length - 1 + t);
        labels.push(target);
      });
      at += size;
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
    tokens,
    segments,
    positions,
    labels: padded,
    slotOf,
    spans,
  };
}

function lengthOf(data: readonly Datum[], index: number): number {
  return sequenceLength(data[index] as Datum);
}
