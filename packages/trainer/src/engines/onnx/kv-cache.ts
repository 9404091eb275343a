import type { DecoderConfig } from "../../model-files/config.ts";
import { type CacheShape, cacheNames } from "./sampling-graphs.ts";

/** Arrays `[rows, kvHeads, length, headDim]`, by `cacheNames`. */
export interface KeysAndValues {
  readonly length: number;
  readonly arrays: Readonly<Record<string, Float32Array>>;
}

/** Keys and values of the tokens that rows have read, where the step graph reads them in place. */
export interface KvCache extends KeysAndValues, CacheShape {
  /** Inputs of the step graph: the arrays, and the mask of what each row holds. */
  readonly feeds: Readonly<Record<string, Float32Array>>;
  /** Makes a row hold positions 0 … count − 1 of another row, of this cache or elsewhere. */
  fill(row: number, source: KeysAndValues, sourceRow: number, count: number): void;
  /** Adds one position to a row from the outputs of a step. */
  append(row: number, step: Readonly<Record<string, Float32Array>>, position: number): void;
}

/** What hidden positions' scores are lowered by: their share becomes exactly 0. */
const hidden = -1e9;

export function createKvCache(config: DecoderConfig, { rows, length }: CacheShape): KvCache {
  const { numLayers, numKvHeads, headDim } = config;
  const names = Array.from({ length: numLayers }, (_, layer) => cacheNames(layer)).flat();
  const entries = names.map(
    (name) => [name, new Float32Array(rows * numKvHeads * length * headDim)] as const,
  );
  const mask = new Float32Array(rows * length).fill(hidden);
  return {
    rows,
    length,
    arrays: Object.fromEntries(entries),
    feeds: Object.fromEntries([
      ["mask", mask],
      ...entries.map(([name, data]) => [`past ${name}`, data] as const),
    ]),
    fill(row, source, sourceRow, count) {
      for (const [name, data] of entries) {
        const from = source.arrays[name] as Float32Array;
        for (let head = 0; head < numKvHeads; head++) {
          const start = (sourceRow * numKvHeads + head) * source.length * headDim;
          data.set(
            from.subarray(start, start + count * headDim),
            (row * numKvHeads + head) * length * headDim,
          );
        }
      }
      mask.fill(0, row * length, row * length + count);
      mask.fill(hidden, row * length + count, (row + 1) * length);
    },
    append(row, step, position) {
      for (const [name, data] of entries) {
        const from = step[name] as Float32Array;
        for (let head = 0; head < numKvHeads; head++) {
          const start = (row * numKvHeads + head) * headDim;
          const to = ((row * numKvHeads + head) * length + position) * headDim;
          for (let i = 0; i < headDim; i++) data[to + i] = from[start + i] as number;
        }
      }
      mask[row * length + position] = 0;
    },
  };
}
