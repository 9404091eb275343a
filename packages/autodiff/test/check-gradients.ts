import { expect } from "vitest";
import { createGraph, createSession, type Graph, gradients, mul, sum, type Tensor } from "../src/index.ts";

/** Numbers in (−1, 1) that look random and are the same on every run. */
export function numbers(length: number, seed: number): Float32Array {
  let state = Math.imul(seed + 1, 2654435761) >>> 0;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9) >>> 0;
    return ((state ^ (state >>> 13)) >>> 8) / 2 ** 23 - 1;
  });
}

export interface CheckOptions {
  readonly seed?: number;
  /** Maps the numbers in (−1, 1) to where the operation is defined and smooth. */
  readonly domain?: (value: number, input: number) => number;
  /** Half the distance of the central difference. */
  readonly step?: number;
}

/**
 * Compares the gradient of Σ f(inputs) · weights, with fixed weights, to central differences in every element of
 * every input. Differences of float32 results are good to about 1e-3 of their size.
 */
export async function checkGradients(
  shapes: readonly (readonly number[])[],
  f: (graph: Graph, ...inputs: Tensor[]) => Tensor,
  options: CheckOptions = {},
): Promise<void> {
  const { seed = 1, domain = (value) => value, step = 1e-2 } = options;
  const graph = createGraph();
  const inputs = shapes.map((shape, i) => graph.input(`x${i}`, shape));
  const y = f(graph, ...inputs);
  const loss = sum(
    mul(
      y,
      graph.constant(
        numbers(
          y.shape.reduce((a, b) => a * b, 1),
          seed + 99,
        ),
        y.shape,
      ),
    ),
  );
  const found = gradients(loss, inputs);
  const session = await createSession(
    Object.fromEntries([["loss", loss], ...found.map((gradient, i) => [`d${i}`, gradient])]) as Record<
      string,
      Tensor
    >,
    { threads: 1 },
  );
  const feeds = Object.fromEntries(
    shapes.map((shape, i) => [
      `x${i}`,
      numbers(
        shape.reduce((a, b) => a * b, 1),
        seed + i,
      ).map((value) => domain(value, i)),
    ]),
  );
  try {
    const results = await session.run(feeds);
    for (const [i, shape] of shapes.entries()) {
      const values = feeds[`x${i}`] as Float32Array;
      const gradient = results[`d${i}`] as Float32Array;
      expect(gradient.length, `elements of ${shape}`).toBe(values.length);
      for (const [j, value] of values.entries()) {
        const at = async (moved: number): Promise<number> => {
          values[j] = moved;
          return ((await session.run(feeds)).loss as Float32Array)[0] as number;
        };
        const [high, low] = [Math.fround(value + step), Math.fround(value - step)];
        const difference = ((await at(high)) - (await at(low))) / (high - low);
        values[j] = value;
        const error = Math.abs(difference - (gradient[j] as number));
        expect(error, `∂/∂x${i}[${j}]: ${gradient[j]}, by differences ${difference}`).toBeLessThan(
          4e-3 * (1 + Math.abs(difference)),
        );
      }
    }
  } finally {
    await session.close();
  }
}
