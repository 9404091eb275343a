import { createGraph, createSession, matmul } from "@rrr/autodiff";

/** GFLOP/s of the best of several float32 products of two 2048 × 2048 matrices: 2 · 2048³ operations each. */
export async function measurePeak(threads: number): Promise<number> {
  const size = 2048;
  const graph = createGraph();
  const product = matmul(graph.input("a", [size, size]), graph.input("b", [size, size]));
  const session = await createSession({ product }, { threads });
  const feeds = { a: new Float32Array(size * size).fill(0.5), b: new Float32Array(size * size).fill(0.25) };
  const into = { product: new Float32Array(size * size) };
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 8; run++) {
    const start = performance.now();
    await session.run(feeds, { into });
    best = Math.min(best, performance.now() - start);
  }
  await session.close();
  return (2 * size ** 3) / best / 1e6;
}
