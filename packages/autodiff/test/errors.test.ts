import { describe, expect, test, vi } from "vitest";
import * as ad from "../src/index.ts";

const graph = ad.createGraph();
const matrix = graph.input("matrix", [4, 8]);
const vector = graph.input("vector", [3]);
const ids = graph.input("ids", [2], "int32");

/** The error that a call throws. */
function thrown(call: () => unknown): ad.AutodiffError {
  try {
    call();
  } catch (error) {
    if (ad.AutodiffError.is(error)) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

const cases: readonly (readonly [call: () => unknown, code: ad.AutodiffErrorCode, message: string])[] = [
  [
    () => ad.add(matrix, vector),
    "bad-shape",
    "add: shapes [4, 8] and [3] do not broadcast (axis -1: 8 and 3)",
  ],
  [() => ad.matmul(matrix, matrix), "bad-shape", "matmul: float32[4, 8] × float32[4, 8]: 8 columns, 4 rows"],
  [() => ad.matmul(vector, matrix), "bad-shape", "matmul: float32[3] × float32[4, 8]: 3 columns, 4 rows"],
  [() => ad.reshape(matrix, [5, -1]), "bad-shape", "reshape: float32[4, 8] does not fit [5, -1]"],
  [
    () => ad.transpose(matrix, [0, 0]),
    "bad-argument",
    "transpose: [0, 0] does not permute the axes of float32[4, 8]",
  ],
  [() => ad.slice(matrix, 1, 3, 9), "bad-argument", "slice: 3 to 9 along axis 1 of float32[4, 8]"],
  [
    () => ad.concat([matrix, vector], 0),
    "bad-shape",
    "concat: float32[4, 8] and float32[3] differ beside axis 0",
  ],
  [() => ad.split(matrix, -1, [4, 5]), "bad-shape", "split: sizes [4, 5] along axis -1 of float32[4, 8]"],
  [() => ad.sum(matrix, { axes: [2] }), "bad-argument", "sum: axis 2 of a tensor of shape [4, 8]"],
  [
    () => ad.gather(matrix, vector as never),
    "bad-dtype",
    "gather: indices are int32 or int64, got float32[3]",
  ],
  [() => ad.pick(matrix, ids), "bad-shape", "pick: int32[2] cannot pick from the last axis of float32[4, 8]"],
  [() => ad.add(vector, ids as never), "bad-dtype", "add: element types differ: float32[3] and int32[2]"],
  [() => ad.exp(ids as never), "bad-dtype", "exp: takes float32, got int32[2]"],
  [
    () => ad.rmsNorm(matrix, vector, 1e-6),
    "bad-shape",
    "rmsNorm: float32[4, 8] needs a scale of shape [8], got float32[3]",
  ],
  [
    () => ad.attention(matrix, matrix, matrix),
    "bad-shape",
    "attention: q float32[4, 8], k float32[4, 8] and v float32[4, 8] do not fit",
  ],
  [() => graph.input("ids", [1]), "bad-argument", 'input: the graph has an input "ids" already'],
  [() => graph.input("half", [1.5]), "bad-shape", 'input "half": [1.5] is no shape'],
  [
    () => graph.constant([1, 2], [3]),
    "bad-argument",
    "constant: 2 elements given for float32[3], which has 3",
  ],
  [
    () => ad.add(vector, ad.createGraph().input("x", [3])),
    "bad-argument",
    "Add: the operand float32[3] belongs to another graph",
  ],
  [() => ad.gradients(vector, [vector]), "bad-shape", "gradients: the loss is float32[3], not a scalar"],
  [
    () => ad.gradients(ad.sum(ad.cumSum(vector, 0)), [vector]),
    "not-differentiable",
    "gradients: CumSum → float32[3] has no gradient",
  ],
  [() => ad.toOnnx({ ids: ad.neg(ids), y: ids }), "bad-argument", 'output "ids" has the name of an input'],
  [
    () => ad.createSessionCache(0),
    "bad-argument",
    "createSessionCache: the capacity is 0, not a positive integer",
  ],
];

describe("an error names the operation and the shapes", () => {
  for (const [call, code, message] of cases) {
    test(message, () => expect(thrown(call)).toMatchObject({ code, message }));
  }
});

describe("a session refuses what does not fit its graph", () => {
  const run = async (feeds: ad.Feeds, into: object = {}): Promise<unknown> => {
    const session = await ad.createSession({ y: ad.add(vector, 1) }, { threads: 1 });
    return session.run(feeds, { into }).finally(() => session.close());
  };
  const refused: readonly (readonly [feeds: ad.Feeds, into: object, message: string])[] = [
    [{}, {}, 'the input "vector", float32[3], is missing'],
    [{ vector: new Float32Array(4) }, {}, "takes Float32Array of 3 elements, got Float32Array of 4"],
    [{ vector: new Int32Array(3) }, {}, "takes Float32Array of 3 elements, got Int32Array of 3"],
    [{ vector: new Float32Array(3), x: new Float32Array(1) }, {}, 'there is no input "x"'],
    [{ vector: new Float32Array(3) }, { y: new Float32Array(2) }, 'the output "y" is float32[3]'],
    [{ vector: new Float32Array(3) }, { z: new Float32Array(2) }, 'there is no output "z"'],
  ];
  for (const [feeds, into, message] of refused) {
    test(message, async () => {
      await expect(run(feeds, into)).rejects.toMatchObject({
        code: "bad-feed",
        message: expect.stringContaining(message),
      });
    });
  }

  test("a node that onnxruntime does not know", async () => {
    const [y] = graph.op("NoSuchOperator", [vector], [vector]) as [ad.AnyTensor];
    await expect(ad.createSession({ y })).rejects.toMatchObject({
      code: "runtime-failed",
      message: expect.stringContaining("NoSuchOperator"),
    });
  });

  test("an index outside the table", async () => {
    const session = await ad.createSession({ y: ad.gather(matrix, ids) }, { threads: 1 });
    await expect(
      session.run({ matrix: new Float32Array(32), ids: new Int32Array([0, 4]) }),
    ).rejects.toMatchObject({ code: "runtime-failed" });
    await session.close();
  });

  test("a closed session", async () => {
    const session = await ad.createSession({ y: ad.add(vector, 1) }, { threads: 1 });
    await session.close();
    await session.close();
    await expect(session.run({ vector: new Float32Array(3) })).rejects.toMatchObject({ code: "closed" });
  });
});

test("a runtime that does not load says what to do", async () => {
  vi.resetModules();
  vi.doMock("onnxruntime-node", () => {
    throw new Error("libonnxruntime.so.1: no such file");
  });
  const { loadRuntime } = await import("../src/runtime.ts");
  await expect(loadRuntime()).rejects.toMatchObject({
    code: "runtime-missing",
    hint: expect.stringContaining("ONNXRUNTIME_NODE_INSTALL=skip"),
  });
  vi.doUnmock("onnxruntime-node");
});

test("errors are recognised by symbol, across copies of the package", () => {
  expect(
    ad.AutodiffError.is({ [Symbol.for("rrr.autodiff.error")]: true, code: "bad-feed" }, "bad-feed"),
  ).toBe(true);
  expect(ad.AutodiffError.is(new Error("bad-feed"))).toBe(false);
});
