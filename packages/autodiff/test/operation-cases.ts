import * as ad from "../src/index.ts";
import type { CheckOptions } from "./check-gradients.ts";

/** An operation of inputs of these shapes. */
export type Case = readonly [
  name: string,
  shapes: readonly (readonly number[])[],
  f: (graph: ad.Graph, ...inputs: ad.Tensor[]) => ad.Tensor,
  options?: CheckOptions | undefined,
];
type X = ad.Tensor;

const positive = (value: number): number => 0.6 + 0.4 * value;
/** Away from 0, where the operation has a kink. */
const awayFromZero = (value: number): number => value + Math.sign(value) * 0.1;
/** Multiples of 0.3, shifted for each input and made distinct by a little: nothing is near a tie. */
const apart = (value: number, input: number): number =>
  Math.round(value * 3) * 0.3 + input * 0.1 + value * 0.02;
const ids = (graph: ad.Graph, values: readonly number[], shape: readonly number[]): ad.Tensor<"int32"> =>
  graph.constant(values, shape, "int32");
export const angles = (graph: ad.Graph, f: (angle: number) => number): ad.Tensor =>
  graph.constant(
    Array.from({ length: 6 }, (_, i) => f(0.3 * i)),
    [3, 2],
  );

/** Every operation that has a gradient. */
export const cases: readonly Case[] = [
  [
    "add",
    [
      [2, 3],
      [2, 3],
    ],
    (_, a: X, b: X) => ad.add(a, b),
  ],
  ["add, repeated rows", [[2, 3], [3]], (_, a: X, b: X) => ad.add(a, b)],
  [
    "add, repeated both ways",
    [
      [2, 1, 3],
      [4, 1],
    ],
    (_, a: X, b: X) => ad.add(a, b),
  ],
  ["add of a number", [[2, 3]], (_, a: X) => ad.add(1.5, ad.add(a, 2))],
  ["sub", [[3], [2, 3]], (_, a: X, b: X) => ad.sub(a, b)],
  ["sub from a number", [[3]], (_, a: X) => ad.sub(1, a)],
  [
    "mul",
    [
      [2, 3],
      [2, 1],
    ],
    (_, a: X, b: X) => ad.mul(a, b),
  ],
  ["mul by itself", [[4]], (_, a: X) => ad.mul(a, a)],
  ["mul by numbers", [[4]], (_, a: X) => ad.mul(ad.mul(a, 3), 0.5)],
  ["div", [[2, 3], [3]], (_, a: X, b: X) => ad.div(a, b), { domain: positive }],
  ["div by a number", [[2, 3]], (_, a: X) => ad.div(a, 4)],
  ["neg", [[3]], (_, a: X) => ad.neg(a)],
  ["abs", [[5]], (_, a: X) => ad.abs(a), { domain: awayFromZero }],
  ["exp", [[5]], (_, a: X) => ad.exp(a)],
  ["log", [[5]], (_, a: X) => ad.log(a), { domain: positive }],
  ["sqrt", [[5]], (_, a: X) => ad.sqrt(a), { domain: positive }],
  ["rsqrt", [[5]], (_, a: X) => ad.rsqrt(a), { domain: positive }],
  ["reciprocal", [[5]], (_, a: X) => ad.reciprocal(a), { domain: positive }],
  ["square", [[5]], (_, a: X) => ad.square(a)],
  ["pow 3", [[5]], (_, a: X) => ad.pow(a, 3)],
  ["pow −1.5", [[5]], (_, a: X) => ad.pow(a, -1.5), { domain: positive, step: 3e-3 }],
  ["sigmoid", [[5]], (_, a: X) => ad.sigmoid(a)],
  ["tanh", [[5]], (_, a: X) => ad.tanh(a)],
  ["silu", [[5]], (_, a: X) => ad.silu(a)],
  [
    "swiglu",
    [
      [2, 5],
      [2, 5],
    ],
    (_, a: X, b: X) => ad.swiglu(a, b),
  ],
  ["relu", [[6]], (_, a: X) => ad.relu(a), { domain: awayFromZero }],
  ["minimum", [[6], [6]], (_, a: X, b: X) => ad.minimum(a, b), { domain: apart }],
  ["maximum with a number", [[2, 6]], (_, a: X) => ad.maximum(a, 0), { domain: awayFromZero }],
  ["maximum, repeated", [[2, 6], [6]], (_, a: X, b: X) => ad.maximum(a, b), { domain: apart }],
  ["clip", [[6]], (_, a: X) => ad.clip(a, -1.05, 0), { domain: awayFromZero }],
  ["where", [[2, 3], [3]], (g, a: X, b: X) => ad.where(g.constant([1, 0], [2, 1], "bool"), a, b)],
  ["reshape", [[2, 6]], (_, a: X) => ad.reshape(ad.square(ad.reshape(a, [3, -1])), [12])],
  ["transpose", [[2, 3, 4]], (_, a: X) => ad.transpose(a, [2, 0, 1])],
  ["broadcastTo", [[3, 1]], (_, a: X) => ad.broadcastTo(a, [2, 3, 4])],
  ["slice", [[3, 5]], (_, a: X) => ad.slice(a, 1, 1, -1)],
  [
    "concat",
    [
      [2, 3],
      [2, 1],
    ],
    (_, a: X, b: X) => ad.concat([a, b, a], -1),
  ],
  ["split", [[2, 5]], (_, a: X) => ad.mul(...(ad.split(a, 1, [2, 2, 1]).slice(0, 2) as [X, X]))],
  ["gather", [[4, 3]], (g, a: X) => ad.gather(a, ids(g, [1, 3, 1, 0, 2, 1], [2, 3]))],
  ["gather of many rows", [[300, 1]], (g, a: X) => ad.gather(a, ids(g, [1, 299, 1, 0], [4]))],
  ["gatherElements", [[3, 4]], (g, a: X) => ad.gatherElements(a, ids(g, [1, 1, 3, 0, 2, 2], [3, 2]))],
  ["gatherElements, first axis", [[3, 2]], (g, a: X) => ad.gatherElements(a, ids(g, [2, 0], [1, 2]), 0)],
  ["pick", [[2, 3, 4]], (g, a: X) => ad.pick(a, ids(g, [1, 0, 3, 3, 2, 1], [2, 3]))],
  ["sum", [[2, 3]], (_, a: X) => ad.sum(a)],
  ["sum along axes", [[2, 3, 4]], (_, a: X) => ad.sum(ad.square(a), { axes: [0, -1] })],
  ["mean", [[2, 3, 4]], (_, a: X) => ad.mean(ad.square(a), { axes: [1], keepDims: true })],
  ["max", [[2, 5]], (_, a: X) => ad.max(a, { axes: [-1] }), { domain: apart, step: 1e-3 }],
  ["softmax", [[2, 5]], (_, a: X) => ad.softmax(a)],
  ["logSoftmax", [[2, 5]], (_, a: X) => ad.logSoftmax(a)],
  ["rmsNorm", [[2, 3, 8], [8]], (_, a: X, s: X) => ad.rmsNorm(a, s, 1e-6)],
  ["rotary", [[2, 3, 4]], (g, a: X) => ad.rotary(a, angles(g, Math.cos), angles(g, Math.sin))],
  [
    "rotary at positions",
    [[2, 2, 3, 4]],
    (g, a: X) => {
      const positions = g.constant([0, 2, 1, 1, 2, 0], [2, 3], "int64");
      return ad.rotary(a, angles(g, Math.cos), angles(g, Math.sin), positions);
    },
  ],
  [
    "matmul",
    [
      [2, 3],
      [3, 4],
    ],
    (_, a: X, b: X) => ad.matmul(a, b),
  ],
  [
    "matmul, batched",
    [
      [2, 2, 3],
      [2, 3, 4],
    ],
    (_, a: X, b: X) => ad.matmul(a, b, { alpha: 0.5 }),
  ],
  [
    "matmul by one matrix",
    [
      [2, 2, 3],
      [4, 3],
    ],
    (_, a: X, b: X) => ad.matmul(a, b, { transposeB: true }),
  ],
  [
    "matmul, repeated batch",
    [
      [2, 1, 2, 3],
      [3, 3, 2],
    ],
    (_, a: X, b: X) => ad.matmul(a, b),
  ],
  [
    "matmul, left matrix",
    [
      [2, 3],
      [2, 3, 2],
    ],
    (_, a: X, b: X) => ad.matmul(a, b),
  ],
  [
    "matmul, aᵀ",
    [
      [3, 2],
      [3, 4],
    ],
    (_, a: X, b: X) => ad.matmul(a, b, { transposeA: true }),
  ],
  [
    "matmul, aᵀ of many",
    [
      [2, 3, 2],
      [3, 4],
    ],
    (_, a: X, b: X) => ad.matmul(a, b, { transposeA: true }),
  ],
  [
    "matmul, aᵀbᵀ",
    [
      [2, 3, 2],
      [2, 4, 3],
    ],
    (_, a: X, b: X) => ad.matmul(a, b, { transposeA: true, transposeB: true, alpha: 2 }),
  ],
  [
    "attention",
    [
      [2, 2, 3, 4],
      [2, 2, 3, 4],
      [2, 2, 3, 4],
    ],
    (_, q: X, k: X, v: X) => ad.attention(q, k, v, { causal: true }),
  ],
  [
    "attention, shared keys",
    [
      [1, 4, 3, 4],
      [1, 2, 5, 4],
      [1, 2, 5, 4],
    ],
    (_, q: X, k: X, v: X) => ad.attention(q, k, v, { scale: 1.5, causal: true }),
  ],
  [
    "attention, masked",
    [
      [2, 2, 2, 4],
      [2, 1, 3, 4],
      [2, 1, 3, 4],
    ],
    (g, q: X, k: X, v: X) =>
      ad.attention(q, k, v, { mask: g.constant([0, 0, -1e9, 0, -1e9, 0], [2, 1, 1, 3]) }),
  ],
];
