import { createRandom, deriveKey } from "@rrr/core";

/**
 * The `step`-th batch of a list that is gone through in a new random order each time, without replacement.
 * A pure function of its arguments: a resumed run picks what the uninterrupted one would have.
 * @param step counted from 0.
 */
export function pickBatch<T>(from: readonly T[], count: number, step: number, seed: number): readonly T[] {
  const orders = new Map<number, readonly T[]>();
  return Array.from({ length: count }, (_, i) => {
    const position = step * count + i;
    const epoch = Math.floor(position / from.length);
    const order = orders.get(epoch) ?? createRandom(deriveKey(seed, "epoch", epoch)).shuffle(from);
    orders.set(epoch, order);
    return order[position % from.length] as T;
  });
}
