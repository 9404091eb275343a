import { describe, expect, test } from "vitest";
import * as ad from "../src/index.ts";
import { numbers } from "./check-gradients.ts";
import { missing } from "./device.ts";
import { cases } from "./operation-cases.ts";

const gpu = { device: "webgpu", threads: 1 } as const;

async function both(outputs: Readonly<Record<string, ad.AnyTensor>>, feeds: ad.Feeds) {
  const results: Readonly<Record<string, ad.TensorData>>[] = [];
  for (const options of [{ threads: 1 }, { ...gpu, fallback: false }]) {
    const session = await ad.createSession(outputs, options);
    results.push((await session.run(feeds)) as Readonly<Record<string, ad.TensorData>>);
    await session.close();
  }
  return results as [
    cpu: Readonly<Record<string, ad.TensorData>>,
    gpu: Readonly<Record<string, ad.TensorData>>,
  ];
}

describe.skipIf(missing !== undefined)("on webgpu", () => {
  describe("every operation and its gradient are what they are on the CPU, and none is computed there", () => {
    for (const [name, shapes, f, { domain = (value: number) => value } = {}] of cases) {
      test(name, async () => {
        const graph = ad.createGraph();
        const inputs = shapes.map((shape, i) => graph.input(`x${i}`, shape));
        const y = f(graph, ...inputs);
        const size = y.shape.reduce((a, b) => a * b, 1);
        const loss = ad.sum(ad.mul(y, graph.constant(numbers(size, 7), y.shape)));
        const slopes = ad.gradients(loss, inputs);
        const outputs = { y, ...Object.fromEntries(slopes.map((slope, i) => [`d${i}`, slope])) };
        const feeds = Object.fromEntries(
          inputs.map(({ shape }, i) => {
            const values = numbers(
              shape.reduce((a, b) => a * b, 1),
              i + 1,
            );
            return [`x${i}`, values.map((value) => domain(value, i))];
          }),
        );
        const [cpu, found] = await both(outputs, feeds);
        for (const key of Object.keys(outputs)) {
          cpu[key]?.forEach((value, i) => {
            expect(Number(found[key]?.[i]), `${key}[${i}]`).toBeCloseTo(Number(value), 5);
          });
        }
      });
    }
  });

  test("so is what has no gradient", async () => {
    const graph = ad.createGraph();
    const x = graph.input("x", [3, 5]);
    const ids = graph.input("ids", [3], "int32");
    const [above, equal] = [ad.greater(x, 0), ad.equal(ids, 1)];
    const number = (condition: ad.Tensor<"bool">) => ad.cast(condition, "float32");
    const outputs = {
      or: number(ad.or(above, ad.reshape(equal, [3, 1]))),
      and: number(ad.and(above, ad.reshape(equal, [3, 1]))),
      not: number(ad.not(above)),
      less: number(ad.less(x, -0.2)),
      lessOrEqual: number(ad.lessOrEqual(x, ad.gather(x, ids))),
      greaterOrEqual: number(ad.greaterOrEqual(x, 0.3)),
      // The last row has one value throughout: the first of equals is wanted.
      largest: ad.cast(ad.argMax(ad.where(ad.reshape(ad.equal(ids, 2), [3, 1]), 0.5, x)), "int32"),
      along: ad.cast(ad.argMax(x, 0), "int32"),
      running: ad.cumSum(x, 1),
      chosen: ad.where(equal, ids, 7),
      smallest: ad.minimum(ids, 1),
      whole: ad.cast(ad.mul(x, 10), "int32"),
      hot: ad.oneHot(ids, 4),
      nan: ad.where(above, graph.constant(Number.NaN), x),
    };
    const feeds = { x: numbers(15, 4), ids: Int32Array.of(1, 0, 2) };
    const [cpu, found] = await both(outputs, feeds);
    for (const key of Object.keys(outputs)) {
      expect([...(found[key] as Float32Array)], key).toEqual(
        [...(cpu[key] as Float32Array)].map((value) =>
          key === "running" ? expect.closeTo(value, 5) : value,
        ),
      );
    }
  });

  test("what it has no kernel for is computed on the CPU, or refused where that is not wanted", async () => {
    const graph = ad.createGraph();
    const x = graph.input("x", [2]);
    const [y] = graph.op("Acosh", [ad.add(x, 2)], [x]) as [ad.Tensor];
    const [z] = graph.op(
      "Det",
      [ad.mul(ad.broadcastTo(x, [2, 2]), graph.constant([1, 2, 3, 4], [2, 2]))],
      [{ shape: [], dtype: "float32" }],
    ) as [ad.Tensor];
    await expect(ad.createSession({ z }, { ...gpu, fallback: false })).rejects.toMatchObject({
      code: "runtime-failed",
      message: expect.stringContaining("CPU"),
    });
    const session = await ad.createSession({ y, z }, gpu);
    const found = await session.run({ x: Float32Array.of(1, 2) });
    expect(found.y[0]).toBeCloseTo(Math.acosh(3), 5);
    expect(found.z[0]).toBeCloseTo(1 * 8 - 4 * 3, 5);
    await session.close();
  });
});
