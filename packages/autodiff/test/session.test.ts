import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import {
  add,
  createGraph,
  createSession,
  createSessionCache,
  gradients,
  logSoftmax,
  matmul,
  sum,
  toOnnx,
} from "../src/index.ts";
import { numbers } from "./check-gradients.ts";

test("results are written where the caller says", async () => {
  const graph = createGraph();
  const x = graph.input("x", [2, 2]);
  const session = await createSession({ y: add(x, 1), n: graph.constant([7], [1], "int64") }, { threads: 1 });
  const y = new Float32Array(4);
  const results = await session.run({ x: new Float32Array([1, 2, 3, 4]) }, { into: { y } });
  expect(results.y).toBe(y);
  expect([...y]).toEqual([2, 3, 4, 5]);
  expect(results.n).toEqual(new BigInt64Array([7n]));
  await session.close();
});

test("fed arrays are read anew on every run", async () => {
  const graph = createGraph();
  const session = await createSession({ y: add(graph.input("x", [2]), 1) }, { threads: 1 });
  const x = new Float32Array([1, 2]);
  expect([...(await session.run({ x })).y]).toEqual([2, 3]);
  x[0] = 10;
  expect([...(await session.run({ x })).y]).toEqual([11, 3]);
  await session.close();
});

test("inputs of the graph that no output needs may be fed", async () => {
  const graph = createGraph();
  const [x] = [graph.input("x", [1]), graph.input("unused", [1])];
  const session = await createSession({ y: add(x, 1) }, { threads: 1 });
  const one = new Float32Array(1);
  expect([...(await session.run({ x: one, unused: one })).y]).toEqual([1]);
  await session.close();
});

test("the same feeds give the same bits, whatever the number of threads", async () => {
  const graph = createGraph();
  const [x, w] = [graph.input("x", [512, 96]), graph.input("w", [200, 96])];
  const loss = sum(logSoftmax(matmul(x, w, { transposeB: true })));
  const [dw] = gradients(loss, [w]);
  const feeds = { x: numbers(512 * 96, 1), w: numbers(200 * 96, 2) };
  const results: string[] = [];
  for (const threads of [1, 2, 2]) {
    const session = await createSession({ loss, dw }, { threads, spinning: false });
    const { loss: value, dw: slopes } = await session.run(feeds);
    results.push(`${value[0]} ${Buffer.from(slopes.buffer).toString("base64")}`);
    await session.close();
  }
  expect(new Set(results).size).toBe(1);
});

test("an input, a constant and one tensor twice can be outputs", async () => {
  const graph = createGraph();
  const x = graph.input("x", [1]);
  const y = add(x, 1);
  const session = await createSession({ same: x, two: graph.constant(2), y, again: y }, { threads: 1 });
  const results = await session.run({ x: new Float32Array([5]) });
  expect(Object.values(results).map((data) => data[0])).toEqual([5, 2, 6, 6]);
  await session.close();
});

test("runs that overlap do not disturb each other, and closing waits for them", async () => {
  const graph = createGraph();
  const session = await createSession({ y: add(graph.input("x", [1]), 1) }, { threads: 1 });
  const runs = Array.from({ length: 8 }, (_, i) => session.run({ x: new Float32Array([i]) }));
  const closed = session.close();
  expect((await Promise.all(runs)).map(({ y }) => y[0])).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  await closed;
});

test("the cache keeps the most recently used and closes the rest", async () => {
  const log: string[] = [];
  const cache = createSessionCache<{ name: string; close(): Promise<void> }>(2);
  const get = (name: string): Promise<{ name: string }> =>
    cache.get(name, async () => {
      log.push(`open ${name}`);
      return { name, close: async () => void log.push(`close ${name}`) };
    });
  await get("a");
  await get("b");
  await get("a");
  await get("c");
  expect(log).toEqual(["open a", "open b", "open c", "close b"]);
  const [first, second] = await Promise.all([get("d"), get("d")]);
  expect(first).toBe(second);
  expect(log.slice(4)).toEqual(["open d", "close a"]);
  await cache.close();
  expect(log.slice(6).sort()).toEqual(["close c", "close d"]);
  await expect(get("e")).rejects.toMatchObject({ code: "closed" });
});

test("a failed creation is not kept", async () => {
  const cache = createSessionCache(1);
  await expect(cache.get("a", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  const entry = { close: async () => {} };
  expect(await cache.get("a", async () => entry)).toBe(entry);
});

test("memory stays flat over many runs and many sessions", async () => {
  const build = () => {
    const graph = createGraph();
    return createSession({ y: add(graph.input("x", [512, 512]), 1) }, { threads: 1 });
  };
  const feeds = { x: new Float32Array(512 * 512) };
  const into = { y: new Float32Array(512 * 512) };
  const session = await build();
  const work = async (runs: number, sessions: number): Promise<void> => {
    for (let i = 0; i < runs; i++) await session.run(feeds, { into });
    for (let i = 0; i < sessions; i++) {
      const other = await build();
      await other.run(feeds, { into });
      await other.close();
    }
  };
  await work(50, 10);
  const before = process.memoryUsage.rss();
  await work(200, 40);
  // One array kept per run would be 200 MB, one arena kept per session 40 MB.
  expect((process.memoryUsage.rss() - before) / 2 ** 20).toBeLessThan(30);
  await session.close();
});

test("a session keeps neither what it was fed nor what it gave", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const graph = createGraph();
  const session = await createSession({ y: add(graph.input("x", [4]), 1) }, { threads: 1 });
  const runs: { readonly x: WeakRef<object>; readonly y: WeakRef<object> }[] = [];
  for (let i = 0; i < 20; i++) {
    const x = new Float32Array(4).fill(i);
    const { y } = await session.run({ x });
    expect(y[0]).toBe(i + 1);
    runs.push({ x: new WeakRef(x), y: new WeakRef(y) });
  }
  // Targets of fresh weak references live until the end of the turn.
  await new Promise(setImmediate);
  collect();
  const alive = runs.filter(({ x, y }) => x.deref() !== undefined || y.deref() !== undefined);
  // The last run's arrays may still stand in a register of the loop.
  expect(alive.length).toBeLessThanOrEqual(1);
  await session.close();
});

test("a model file may leave lengths open", async () => {
  const graph = createGraph();
  const y = matmul(add(graph.input("x", [2, 3]), 1), graph.input("w", [3, 2]));
  const open = { x: ["rows", undefined], y: ["rows"] };
  const native = await InferenceSession.create(toOnnx({ y }, { openAxes: open }));
  expect(native.inputMetadata.map((input) => input.isTensor && input.shape)).toEqual([
    ["rows", 3],
    [3, 2],
  ]);
  const w = new Tensor("float32", new Float32Array([1, 0, 0, 1, 0, 0]), [3, 2]);
  for (const rows of [1, 5]) {
    const x = new Tensor("float32", new Float32Array(3 * rows).fill(1), [rows, 3]);
    const results = await native.run({ x, w });
    expect(results.y?.dims).toEqual([rows, 2]);
    expect(results.y?.data).toEqual(new Float32Array(2 * rows).fill(2));
  }
  await native.release();
});
