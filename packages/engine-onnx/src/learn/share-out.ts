import type { PackedBatch } from "./packing.ts";

/**
 * Which batches each lane computes: the largest that is left goes to the lane that has least. Each lane's are in the order
 * of the batches. The same batches are always shared out alike, since sums round as they are added up.
 * @returns indices of batches, lane by lane
 */
export function shareOut(batches: readonly PackedBatch[], lanes: number): readonly (readonly number[])[] {
  const shares = Array.from({ length: lanes }, () => ({ cost: 0, batches: [] as number[] }));
  const bySize = batches
    .map(({ shape }, index) => ({ index, cost: shape.rows * shape.length }))
    .sort((a, b) => b.cost - a.cost);
  for (const { index, cost } of bySize) {
    const least = shares.reduce((best, share) => (share.cost < best.cost ? share : best));
    least.cost += cost;
    least.batches.push(index);
  }
  return shares.map((share) => share.batches.sort((a, b) => a - b));
}
