import { createGraph, createSession } from "@rrr/autodiff";
import { createRandom } from "@rrr/core";
import { expect, test } from "vitest";
import { sampled } from "./sampling-graphs.ts";

/** In one part, in parts of 256, and in parts of 32. */
test.each([1_000, 8_192, 4_128])(
  "the token is where the running sum passes the number: %i tokens",
  async (size) => {
    const random = createRandom(3);
    const rows = 64;
    const graph = createGraph();
    const session = await createSession(sampled(graph, graph.input("scores", [rows, size])), { threads: 2 });
    const scores = Float32Array.from({ length: rows * size }, () => 12 * (random.next() - 0.5));
    const edges = [0, 1 - 2 ** -24, 1 - 2 ** -23, 0.5];
    const uniform = Float32Array.from({ length: rows }, (_, row) => edges[row] ?? random.next());
    for (const inverse of [1, 1.7, 30]) {
      const inverseTemperature = new Float32Array(rows).fill(inverse);
      const { token, logprob } = await session.run({ scores, uniform, inverseTemperature });
      for (let row = 0; row < rows; row++) {
        const weights = Array.from(scores.subarray(row * size, (row + 1) * size), (x) =>
          Math.exp(x * inverse),
        );
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        const found = token[row] as number;
        const before = weights.slice(0, found).reduce((sum, weight) => sum + weight, 0) / total;
        const share = (weights[found] as number) / total;
        const number = uniform[row] as number;
        expect([row, before - number < 2e-5, number - before - share < 2e-5]).toEqual([row, true, true]);
        expect(logprob[row]).toBeCloseTo(Math.log(share), 3);
      }
    }
    await session.close();
  },
);

test("a token without any probability is never drawn, however sums are rounded", async () => {
  const random = createRandom(4);
  const [rows, size] = [64, 8_192];
  const graph = createGraph();
  const session = await createSession(sampled(graph, graph.input("scores", [rows, size])), { threads: 2 });
  const inverseTemperature = new Float32Array(rows).fill(1);
  for (let round = 0; round < 40; round++) {
    const scores = new Float32Array(rows * size).fill(-1e4);
    const uniform = new Float32Array(rows);
    for (let row = 0; row < rows; row++) {
      const own = scores.subarray(row * size, (row + 1) * size);
      // The first and the last of a part and of all; or parts whose many sums are rounded, and which begin and end in nothing.
      const sparse = [7, ...[0, 255, 256, 511, 4_000, size - 1].filter(() => random.next() < 0.6)];
      const likely =
        row % 2 === 0
          ? sparse
          : Array.from({ length: 750 }, (_, i) => i).filter((i) => i % 256 > 8 && i % 256 < 240);
      for (const each of likely) own[each] = random.next();
      // On the very border between two of them, as near as a number can be.
      const weights = Array.from(own, (x) => Math.exp(x));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const border = row % 2 === 0 ? random.pick(likely) + random.int(2) : 256 * (1 + random.int(2));
      const before = weights.slice(0, border).reduce((sum, weight) => sum + weight, 0);
      uniform[row] = Math.min(before / total + (random.int(9) - 4) * 2 ** -25, 1 - 2 ** -24);
      uniform[row] = Math.max(uniform[row] as number, 0);
    }
    const { logprob } = await session.run({ scores, uniform, inverseTemperature });
    expect(Array.from(logprob).filter((each) => !(each > -20))).toEqual([]);
  }
  await session.close();
});
