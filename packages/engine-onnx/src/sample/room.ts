/** How many rows and positions a sampler's cache has. */
import { RrrError } from "@rrr/core";
import type { DecoderConfig } from "@rrr/trainer";
import type { CacheShape } from "./sampling-graphs.ts";

/** Cache lengths are multiples of this: attention costs what the longest row needs, and shapes stay few. */
export const lengthStep = 32;

/**
 * The most rows, halved as long as all fit, but a multiple of 8: with other numbers the last elements of vectors take
 * another path through the runtime's kernels, and a completion would depend on how many others there are. Of a large
 * model also three quarters of such a number: a step of it costs as much as its rows, and compiling one little beside it.
 */
export function rowsFor(count: number, { rows: most, isLarge = false }: Room): number {
  let rows = Math.ceil(most / 8) * 8;
  while (rows % 16 === 0 && count <= rows / 2) rows /= 2;
  const fewer = (3 * rows) / 4;
  return isLarge && fewer % 8 === 0 && count <= fewer ? fewer : rows;
}

/** Below so many multiplications of a product, one thread is done before another has woken up. */
const lightProduct = 1e6;

/** Whether a step of so many rows is faster on one thread. The graph is the same, and so is what it computes. */
export function isLight({ hiddenSize }: DecoderConfig, rows: number): boolean {
  return rows * hiddenSize ** 2 < lightProduct;
}

/** What may be held at once. */
export interface Room {
  /** Most completions. */
  readonly rows: number;
  /** Most tokens whose keys and values are kept, those of the longest completion counted for each. Absent: no limit. */
  readonly cachedTokens?: number | undefined;
  /** Whether a row costs more than its share of what a step costs anyway. */
  readonly isLarge?: boolean;
}

/** Whether so many completions of at most so many tokens may be written at once. */
export function hasRoom(count: number, longest: number, room: Room): boolean {
  const { cachedTokens = Number.POSITIVE_INFINITY } = room;
  return rowsFor(count, room) * Math.ceil(longest / lengthStep) * lengthStep <= cachedTokens;
}

export function tooLong(length: number, room: Room): RrrError {
  const most = Math.floor((room.cachedTokens ?? 0) / rowsFor(1, room) / lengthStep) * lengthStep;
  return new RrrError(
    "out-of-memory",
    `a prompt and its completion of ${length} tokens are more than the memory is planned for: ${most}`,
    { hint: "Lower the token limits, or give more with --memory." },
  );
}

/**
 * Grows at once, shrinks by half or more: each change of shape copies the cache.
 * @param positions that the rows read next, row by row; unset where a row is free
 */
export function shapeFor(
  positions: readonly (number | undefined)[],
  current: CacheShape,
  room: Room,
  maxPositions: number,
): CacheShape {
  const rows = rowsFor(positions.length, room);
  const longest = Math.max(0, ...positions.map((position = -1) => position + 1));
  const length = Math.min(Math.ceil(longest / lengthStep) * lengthStep, maxPositions);
  const isRoomy = length <= current.length && current.length < 2 * length && rows === current.rows;
  return isRoomy ? current : { rows, length };
}
