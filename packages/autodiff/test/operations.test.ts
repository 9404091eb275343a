import { describe, expect, test } from "vitest";
import * as ad from "../src/index.ts";
import { checkGradients, numbers } from "./check-gradients.ts";
import { angles, cases } from "./operation-cases.ts";

type X = ad.Tensor;

describe("every operation's gradient agrees with central differences", () => {
  for (const [name, shapes, f, options] of cases) {
    test(name, async () => {
      for (const seed of [1, 2]) await checkGradients(shapes, f, { ...options, seed });
    });
  }
});

test("stopGradient: what is inside counts as a constant, though it has a gradient of its own", async () => {
  const graph = ad.createGraph();
  const x = graph.input("x", [3]);
  const loss = ad.sum(ad.mul(x, ad.stopGradient(ad.square(x))));
  const [gradient] = ad.gradients(loss, [x]) as readonly [X];
  const session = await ad.createSession({ loss, gradient }, { threads: 1 });
  const found = await session.run({ x: Float32Array.of(1, -2, 3) });
  await session.close();
  expect(found.loss).toEqual(Float32Array.of(1 - 8 + 27));
  // x², not the 3x² of the cube.
  expect(found.gradient).toEqual(Float32Array.of(1, 4, 9));
});

test("rotary at positions turns each vector as its position says, whatever the others' are", async () => {
  const graph = ad.createGraph();
  const [cos, sin] = [angles(graph, Math.cos), angles(graph, Math.sin)];
  const x = graph.input("x", [2, 1, 2, 4]);
  const chosen = ad.rotary(x, cos, sin, graph.constant([2, 0, 1, 1], [2, 2], "int64"));
  const vector = graph.input("vector", [4, 1, 4]);
  const every = ad.rotary(ad.broadcastTo(vector, [4, 3, 4]), cos, sin);
  const session = await ad.createSession({ chosen, every }, { threads: 1 });
  const given = numbers(16, 3);
  const found = await session.run({ x: given, vector: given });
  await session.close();
  [2, 0, 1, 1].forEach((position, i) => {
    const start = (3 * i + position) * 4;
    expect(found.chosen.subarray(4 * i, 4 * i + 4)).toEqual(found.every.subarray(start, start + 4));
  });
  const wrong = graph.constant([0, 1], [1, 2], "int64");
  expect(() => ad.rotary(x, cos, sin, wrong)).toThrow(
    "rotary: float32[2, 1, 2, 4] and positions int64[1, 2]",
  );
  // The runtime wants at least as many angles as there are vectors.
  const short = ad.slice(cos, 0, 0, 1);
  expect(() => ad.rotary(x, short, short, graph.constant([0, 0, 0, 0], [2, 2], "int64"))).toThrow(
    "do not fit cos",
  );
});
