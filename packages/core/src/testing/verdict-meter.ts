import { getHeapStatistics } from "node:v8";

/** What one call cost. Memory is what it allocated in the heap and in buffers, whether or not it kept it. */
export interface Cost {
  readonly ms: number;
  readonly bytes: number;
}

export async function meter<T>(call: () => Promise<T>): Promise<Cost & { readonly value: T }> {
  const before = allocated();
  const started = performance.now();
  const value = await call();
  const ms = performance.now() - started;
  // A garbage collection in between makes the difference negative.
  return { value, ms, bytes: Math.max(0, allocated() - before) };
}

function allocated(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}

/** The value that one in a thousand exceeds; of fewer than a thousand, the largest. */
export function percentile999(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(sorted.length * 0.999) - 1)] ?? 0;
}
