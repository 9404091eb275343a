import type { DecoderConfig } from "@rrr/trainer";
import { type CacheShape, cacheNames } from "./sampling-graphs.ts";

/** Arrays `[rows, kvHeads, length, headDim]`, by `cacheNames`. */
export interface KeysAndValues {
  readonly length: number;
  readonly arrays: Readonly<Record<string, Float32Array>>;
}

/** Keys and values of the tokens that rows have read, where the step graph reads them in place. */
export interface KvCache {
  readonly shape: CacheShape;
  /** Inputs of the step graph: the arrays, and the mask of what each row holds. */
  readonly feeds: Readonly<Record<string, Float32Array>>;
  /** Changes the shape; rows keep what they hold as far as they and it still exist. */
  reshape(shape: CacheShape): void;
  /** Changes the shape, and rows hold nothing. */
  start(shape: CacheShape): void;
  /** Makes a row hold, from one position on and nothing after it, positions 0 … count − 1 of a row of `source`. */
  fill(row: number, at: number, source: KeysAndValues, sourceRow: number, count: number): void;
  /** Makes a row hold what another one does. */
  move(row: number, fromRow: number): void;
  /** Makes a row hold nothing. */
  clear(row: number): void;
  /** Adds one position to a row from the outputs of a step. */
  append(row: number, step: Readonly<Record<string, Float32Array>>, position: number): void;
}

/** What hidden positions' scores are lowered by: their share becomes exactly 0. */
const hidden = -1e9;

export function createKvCache(config: DecoderConfig): KvCache {
  const { numLayers, numKvHeads, headDim } = config;
  const names = Array.from({ length: numLayers }, (_, layer) => cacheNames(layer)).flat();
  let shape: CacheShape = { rows: 0, length: 0 };
  /** Positions that each row holds. */
  let counts: number[] = [];
  // The arrays are the start of larger ones, which change only when they are too small: a new shape costs no memory.
  let room: readonly Float32Array[] = names.map(() => new Float32Array(0));
  let arrays: Readonly<Record<string, Float32Array>> = {};
  let mask = new Float32Array(0);
  let feeds: Readonly<Record<string, Float32Array>> = {};

  const show = (row: number, count: number): void => {
    counts[row] = count;
    mask.fill(0, row * shape.length, row * shape.length + count);
    mask.fill(hidden, row * shape.length + count, (row + 1) * shape.length);
  };

  const fill: KvCache["fill"] = (row, at, source, sourceRow, count) => {
    for (const name of names) {
      const to = arrays[name] as Float32Array;
      const from = source.arrays[name] as Float32Array;
      for (let head = 0; head < numKvHeads; head++) {
        const start = (sourceRow * numKvHeads + head) * source.length * headDim;
        to.set(
          from.subarray(start, start + count * headDim),
          ((row * numKvHeads + head) * shape.length + at) * headDim,
        );
      }
    }
    show(row, at + count);
  };

  const reshape: KvCache["reshape"] = (next) => {
    const kept = counts.slice(0, next.rows).map((count) => Math.min(count, next.length));
    const size = next.rows * numKvHeads * next.length * headDim;
    room = room.map((data) => {
      const target = data.length >= size ? data : new Float32Array(size);
      relayout(data, shape.length * headDim, target, next.length * headDim, kept, numKvHeads, headDim);
      return target;
    });
    shape = next;
    mask = new Float32Array(next.rows * next.length).fill(hidden);
    arrays = Object.fromEntries(names.map((name, i) => [name, (room[i] as Float32Array).subarray(0, size)]));
    feeds = {
      mask,
      ...Object.fromEntries(names.map((name) => [`past ${name}`, arrays[name] as Float32Array])),
    };
    counts = Array.from({ length: next.rows }, (_, row) => kept[row] ?? 0);
    counts.forEach((count, row) => {
      show(row, count);
    });
  };

  return {
    get shape() {
      return shape;
    },
    get feeds() {
      return feeds;
    },
    fill,
    move: (row, fromRow) =>
      fill(row, 0, { length: shape.length, arrays }, fromRow, counts[fromRow] as number),
    clear: (row) => show(row, 0),
    reshape,
    start(next) {
      counts = [];
      reshape(next);
    },
    append(row, step, position) {
      for (const name of names) {
        const to = arrays[name] as Float32Array;
        const from = step[name] as Float32Array;
        for (let head = 0; head < numKvHeads; head++) {
          const start = (row * numKvHeads + head) * headDim;
          const target = ((row * numKvHeads + head) * shape.length + position) * headDim;
          for (let i = 0; i < headDim; i++) to[target + i] = from[start + i] as number;
        }
      }
      mask[row * shape.length + position] = 0;
      counts[row] = position + 1;
    },
  };
}

/** Moves blocks of one stride to another, in an order in which none overwrites one that has yet to move. */
function relayout(
  from: Float32Array,
  fromStride: number,
  to: Float32Array,
  toStride: number,
  counts: readonly number[],
  blocksPerRow: number,
  width: number,
): void {
  if (from === to && fromStride === toStride) return;
  const blocks = counts.length * blocksPerRow;
  for (let i = 0; i < blocks; i++) {
    const block = toStride > fromStride ? blocks - 1 - i : i;
    const start = block * fromStride;
    const end = start + (counts[Math.floor(block / blocksPerRow)] as number) * width;
    if (from === to) to.copyWithin(block * toStride, start, end);
    else to.set(from.subarray(start, end), block * toStride);
  }
}
