import { describe, expect, test } from "vitest";
import * as ad from "../src/index.ts";
import { needed } from "../src/onnx/model.ts";
import { checkGradients } from "./check-gradients.ts";

/** Types of the nodes that a tensor needs, in order. */
const nodesOf = (...outputs: readonly ad.AnyTensor[]): string[] =>
  needed(outputs).nodes.map((node) => node.type);

describe("no node is spent in vain", () => {
  const graph = ad.createGraph();
  const x = graph.input("x", [4, 3]);
  const y = graph.input("y", [3]);

  test("the same expression twice is one node", () => {
    expect(ad.exp(ad.add(x, y))).toBe(ad.exp(ad.add(x, y)));
    expect(graph.constant([1, 2])).toBe(graph.constant(new Float32Array([1, 2])));
    expect(graph.constant([1, 2])).not.toBe(graph.constant([1, 2], [2], "int32"));
  });

  test("units, factors and repetitions are folded", () => {
    expect(ad.mul(ad.add(x, 0), 1)).toBe(x);
    expect(ad.mul(ad.mul(x, 2), 0.5)).toBe(x);
    expect(ad.neg(ad.neg(x))).toBe(x);
    expect(nodesOf(ad.add(x, ad.broadcastTo(y, [4, 3])))).toEqual(["Add"]);
  });

  test("reshapes and transposes of each other are folded", () => {
    expect(ad.reshape(ad.reshape(x, [12]), [4, 3])).toBe(x);
    expect(ad.transpose(ad.transpose(x, [1, 0]), [1, 0])).toBe(x);
  });

  test("outputs need only what they are computed from", () => {
    const loss = ad.sum(ad.square(ad.mul(x, y)));
    const [dx, dy] = ad.gradients(loss, [x, y]);
    expect(nodesOf(loss)).toEqual(["Mul", "Mul", "ReduceSum", "Reshape"]);
    expect(nodesOf(dx, dy)).toEqual(["Mul", "Mul", "Mul", "Mul", "ReduceSum", "Reshape"]);
    expect(nodesOf(dx)).toEqual(["Mul", "Mul", "Mul"]);
  });

  test("a weight's gradient is one product over the whole batch", () => {
    const [batch, w] = [graph.input("batch", [2, 5, 4]), graph.input("w", [6, 4])];
    const [dw] = ad.gradients(ad.sum(ad.square(ad.matmul(batch, w, { transposeB: true }))), [w]) as [
      ad.Tensor,
    ];
    expect(nodesOf(dw).filter((type) => type === "FusedMatMul")).toHaveLength(2);
  });
});

describe("gradients", () => {
  test("of what the loss does not depend on are zeros", async () => {
    const graph = ad.createGraph();
    const [x, y] = [graph.input("x", [2]), graph.input("y", [2, 2])];
    const loss = ad.sum(ad.mul(x, ad.stopGradient(ad.sum(y))));
    const [dy] = ad.gradients(loss, [y]);
    const session = await ad.createSession({ dy }, { threads: 1 });
    expect([...(await session.run({})).dy]).toEqual([0, 0, 0, 0]);
    await session.close();
  });

  test("flow through integers and comparisons nowhere, and that is no error", () => {
    const graph = ad.createGraph();
    const x = graph.input("x", [3]);
    const chosen = ad.where(ad.greater(x, 0), ad.cast(ad.argMax(x), "float32"), 1);
    expect(() => ad.gradients(ad.sum(ad.mul(chosen, x)), [x])).not.toThrow();
  });

  test("of a raw node can be declared", () => {
    const softplus = (x: ad.Tensor): ad.Tensor => {
      const y = x.graph.op("Softplus", [x], [x]) as [ad.Tensor];
      return ad.differentiable("softplus", y, [x], [(g) => ad.mul(g, ad.sigmoid(x))])[0];
    };
    return checkGradients([[5]], (_, x) => softplus(x as ad.Tensor));
  });

  test("of gradients exist", () =>
    checkGradients([[4]], (_, x) => {
      const [dx] = ad.gradients(ad.sum(ad.exp(ad.square(x as ad.Tensor))), [x as ad.Tensor]);
      return dx;
    }));

  test("of tall products agree with differences", () =>
    checkGradients(
      [
        [32, 3],
        [5, 3],
        [4, 5],
      ],
      (_, x, w, u) =>
        ad.matmul(
          ad.matmul(x as ad.Tensor, w as ad.Tensor, { transposeB: true }),
          ad.transpose(u as ad.Tensor, [1, 0]),
        ),
    ));

  test("of long causal attention agree with differences", () =>
    checkGradients(
      [
        [1, 2, 70, 2],
        [1, 1, 70, 2],
        [1, 1, 70, 2],
      ],
      (graph, q, k, v) =>
        ad.attention(q as ad.Tensor, k as ad.Tensor, v as ad.Tensor, {
          causal: true,
          mask: graph.constant(
            Float32Array.from({ length: 70 }, (_, i) => (i === 1 || i === 2 ? -1e9 : 0)),
            [1, 1, 1, 70],
          ),
        }),
    ));
});

describe("values", () => {
  test("agree with the definitions", async () => {
    const graph = ad.createGraph();
    const x = graph.input("x", [2, 3]);
    const bool = ad.greater(x, 2);
    const session = await ad.createSession(
      {
        softmax: ad.softmax(x),
        argMax: ad.argMax(x),
        cumSum: ad.cumSum(x, 1),
        any: ad.or(ad.and(bool, ad.less(x, 5)), ad.not(ad.greaterOrEqual(x, 1))),
        picked: ad.pick(x, graph.constant([2, 0], [2], "int64")),
        rms: ad.rmsNorm(x, graph.constant([1, 2, 3]), 0),
        mean: ad.mean(x, { axes: [0] }),
        equal: ad.cast(ad.equal(x, graph.constant([1, 5, 3])), "int32"),
        quotient: ad.div(graph.constant([7], [1], "int32"), 2),
      },
      { threads: 1 },
    );
    const results = await session.run({ x: new Float32Array([1, 2, 3, 4, 5, 6]) });
    const exps = [1, 2, 3].map(Math.exp);
    const total = exps.reduce((a, b) => a + b, 0);
    expect(results.softmax[2]).toBeCloseTo((exps[2] as number) / total, 6);
    expect(results.argMax).toEqual(new BigInt64Array([2n, 2n]));
    expect([...results.cumSum]).toEqual([1, 3, 6, 4, 9, 15]);
    expect([...results.any]).toEqual([0, 0, 1, 1, 0, 0]);
    expect([...results.picked]).toEqual([3, 4]);
    expect(results.rms[1]).toBeCloseTo((2 * 2) / Math.sqrt(14 / 3), 5);
    expect([...results.mean]).toEqual([2.5, 3.5, 4.5]);
    expect([...results.equal]).toEqual([1, 0, 1, 0, 1, 0]);
    expect([...results.quotient]).toEqual([3]);
    await session.close();
  });
});
