import { describe, expect, test, vi } from "vitest";
import * as ad from "../src/index.ts";
import { numbers } from "./check-gradients.ts";
import { missing } from "./device.ts";

const gpu = { device: "webgpu", threads: 1 } as const;

/** Doubles x of so many elements and leaves it on the device; the sum comes back. */
function doubling(size: number) {
  const x = ad.createGraph().input("x", [size]);
  return ad.createSession({ total: ad.sum(x) }, { ...gpu, resident: { y: ad.mul(x, 2) } });
}

describe.skipIf(missing !== undefined)("memory of a device", () => {
  test("what a run leaves there is what the next one reads, and comes back when it is asked for", async () => {
    const memory = await ad.createDeviceMemory();
    const session = await doubling(3);
    const given = Float32Array.of(1, 2, 3);
    const x = memory.hold("float32", [3], given);
    const totals: number[] = [];
    for (let i = 0; i < 4; i++) {
      const { total } = await session.run({ x }, { keep: { y: x } });
      totals.push(total[0] as number);
    }
    expect(totals).toEqual([6, 12, 24, 48]);
    expect(await memory.read(x)).toEqual(Float32Array.of(16, 32, 48));
    expect(given).toEqual(Float32Array.of(1, 2, 3));
    const into = new Float32Array(3);
    expect(await memory.read(x, into)).toBe(into);
    expect(into).toEqual(Float32Array.of(16, 32, 48));
    await session.close();
    await memory.close();
  });

  test("what was left there outlives the session that made it", async () => {
    const memory = await ad.createDeviceMemory();
    const made = memory.hold("float32", [1000]);
    for (let i = 0; i < 5; i++) {
      const session = await doubling(1000);
      await session.run({ x: numbers(1000, i) }, { keep: { y: made } });
      await session.close();
      const expected = numbers(1000, i).map((value) => value * 2);
      expect(await memory.read(made)).toEqual(expected);
    }
    await memory.close();
  });

  test("elements can be written anew, and are zeros where none are given", async () => {
    const memory = await ad.createDeviceMemory();
    const session = await doubling(2);
    const [x, y] = [memory.hold("float32", [2]), memory.hold("float32", [2])];
    expect((await session.run({ x }, { keep: { y } })).total).toEqual(Float32Array.of(0));
    memory.write(x, Float32Array.of(5, 6));
    expect((await session.run({ x }, { keep: { y } })).total).toEqual(Float32Array.of(11));
    expect(await memory.read(y)).toEqual(Float32Array.of(10, 12));
    // Zeros are one tensor that many share: what one of them becomes is not what another one is.
    memory.write(x);
    memory.write(y);
    await session.run({ x: Float32Array.of(1, 1) }, { keep: { y } });
    expect(await memory.read(x)).toEqual(new Float32Array(2));
    expect(await memory.read(y)).toEqual(Float32Array.of(2, 2));
    memory.free(y);
    expect(await memory.read(y)).toEqual(new Float32Array(2));
    await session.close();
    await memory.close();
  });

  test("whole numbers stay there too, in any shape", async () => {
    const memory = await ad.createDeviceMemory();
    const ids = ad.createGraph().input("ids", [2, 2], "int32");
    const session = await ad.createSession({}, { ...gpu, resident: { next: ad.add(ids, 1) } });
    const held = memory.hold("int32", [2, 2], Int32Array.of(1, 2, 3, 4));
    await session.run({ ids: held }, { keep: { next: held } });
    expect(await memory.read(held)).toEqual(Int32Array.of(2, 3, 4, 5));
    await session.close();
    await memory.close();
  });

  test("what is left there after it was closed is given back at once, and nothing is read", async () => {
    const memory = await ad.createDeviceMemory();
    const session = await doubling(2);
    const y = memory.hold("float32", [2]);
    await memory.close();
    expect((await session.run({ x: Float32Array.of(1, 2) }, { keep: { y } })).total).toEqual(
      Float32Array.of(3),
    );
    await expect(memory.read(y)).rejects.toMatchObject({ code: "closed" });
    await session.close();
  });

  test("many runs take no more memory than one", async () => {
    const memory = await ad.createDeviceMemory();
    const session = await doubling(2 ** 18);
    const x = memory.hold("float32", [2 ** 18]);
    const work = async (runs: number): Promise<void> => {
      for (let i = 0; i < runs; i++) await session.run({ x }, { keep: { y: x } });
    };
    await work(50);
    const before = process.memoryUsage.rss();
    await work(300);
    // A software device has its memory in this process: one megabyte a run, were it kept.
    expect((process.memoryUsage.rss() - before) / 2 ** 20).toBeLessThan(60);
    await session.close();
    await memory.close();
  });

  test("what does not fit is refused", async () => {
    const memory = await ad.createDeviceMemory();
    const session = await doubling(2);
    const [x, other] = [memory.hold("float32", [2]), memory.hold("float32", [1, 2])];
    const refused: readonly (readonly [run: () => unknown, message: string])[] = [
      [() => session.run({ x }), '"y" is float32[2], and stays on the device'],
      [() => session.run({ x: other }, { keep: { y: x } }), "and the tensor on the device float32[1, 2]"],
      [() => session.run({ x }, { keep: { y: other } }), "and the tensor on the device float32[1, 2]"],
      [() => session.run({ x }, { keep: { y: x, z: x } }), 'there is no output "z"'],
    ];
    for (const [run, message] of refused) {
      await expect(run()).rejects.toMatchObject({
        code: "bad-feed",
        message: expect.stringContaining(message),
      });
    }
    expect(() => memory.write(x, new Float32Array(3))).toThrow("takes Float32Array of 2 elements");
    const onHost = await ad.createSession({ y: ad.add(ad.createGraph().input("x", [2]), 1) }, { threads: 1 });
    await expect(onHost.run({ x })).rejects.toMatchObject({ code: "bad-feed" });
    await onHost.close();
    await session.close();
    await memory.close();
  });
});

test("outputs stay on a device alone", async () => {
  const x = ad.createGraph().input("x", [2]);
  await expect(ad.createSession({}, { resident: { y: ad.add(x, 1) } })).rejects.toMatchObject({
    code: "bad-argument",
  });
});

test("a build without WebGPU, and a machine without a GPU, say what to do", async () => {
  vi.resetModules();
  const failing = { listSupportedBackends: () => [{ name: "cpu", bundled: true }], InferenceSession: {} };
  vi.doMock("onnxruntime-node", () => failing);
  const fresh = await import("../src/index.ts");
  const x = fresh.createGraph().input("x", [2]);
  const open = (): Promise<unknown> => fresh.createSession({ y: fresh.add(x, 1) }, { device: "webgpu" });
  await expect(open()).rejects.toMatchObject({
    code: "device-missing",
    message: expect.stringContaining("has no WebGPU"),
    hint: expect.stringContaining("compute on the CPU"),
  });
  failing.listSupportedBackends = () => [{ name: "webgpu", bundled: true }];
  failing.InferenceSession = {
    create: () => Promise.reject(new Error("Failed to get a WebGPU adapter: No supported adapters")),
  };
  await expect(open()).rejects.toMatchObject({
    code: "device-missing",
    message: "no GPU was found that WebGPU can use",
    hint: expect.stringContaining("driver"),
  });
  vi.doUnmock("onnxruntime-node");
});
