/** Which package runs TensorFlow.js. The native ones are stood in for by packages with the same API. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { microModel } from "@rrr/trainer/testing";
import { expect, onTestFinished, test, vi } from "vitest";
import { createTfjsEngine } from "../index.ts";
import { openRuntime } from "./open-runtime.ts";

const require = createRequire(import.meta.url);

/** All of TensorFlow.js as a native package gives it: the API, with a backend `tensorflow` that computes as `cpu` does. */
const NATIVE = `
  const tf = require(${JSON.stringify(require.resolve("@tensorflow/tfjs-core"))});
  const { MathBackendCPU } = require(${JSON.stringify(require.resolve("@tensorflow/tfjs-backend-cpu"))});
  if (tf.findBackendFactory("tensorflow") === null) {
    tf.copyRegisteredKernels("cpu", "tensorflow");
    tf.registerBackend("tensorflow", () => new MathBackendCPU());
  }
  module.exports = tf;`;

/** A project with packages installed, by their sources. */
function project(packages: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "rrr-tfjs-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, source] of Object.entries(packages)) {
    const own = join(folder, "node_modules", name);
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, "package.json"), JSON.stringify({ name, version: "4.22.0", main: "index.js" }));
    writeFileSync(join(own, "index.js"), source);
  }
  return folder;
}

test("the GPU's package comes first, then the native one, then WebAssembly", async () => {
  const names = { gpu: "@tensorflow/tfjs-node-gpu", node: "@tensorflow/tfjs-node" };
  const all = project({ [names.gpu]: NATIVE, [names.node]: NATIVE });
  const native = project({ [names.node]: NATIVE });
  expect(await openRuntime(undefined, all)).toMatchObject({
    backend: "node-gpu",
    name: `${names.gpu} 4.22.0`,
  });
  expect(await openRuntime(undefined, native)).toMatchObject({
    backend: "node",
    name: `${names.node} 4.22.0`,
  });
  const { backend, note } = await openRuntime(undefined, project({}));
  expect(backend).toBe("wasm");
  expect(note).toMatch(
    /^TensorFlow.js 4.22.0 runs the model with @tensorflow\/tfjs-backend-wasm \(WebAssembly\); expect it to need about \d+ times the processor time of --engine onnx to train, and \d+ times to sample, on one core\.$/,
  );
});

test("plain TensorFlow.js is taken where it is installed, before the backend alone", async () => {
  const plain = `module.exports = require(${JSON.stringify(require.resolve("@tensorflow/tfjs-core"))});
    require(${JSON.stringify(require.resolve("@tensorflow/tfjs-backend-cpu"))});`;
  const { name } = await openRuntime("cpu", project({ "@tensorflow/tfjs": plain }));
  expect(name).toBe("@tensorflow/tfjs 4.22.0");
  expect((await openRuntime("cpu", project({}))).name).toBe("@tensorflow/tfjs-backend-cpu 4.22.0");
});

test("an engine on a package with the native API computes, and claims no seeds that were not tested", async () => {
  const cwd = project({ "@tensorflow/tfjs-node": NATIVE });
  vi.spyOn(process, "cwd").mockReturnValue(cwd);
  onTestFinished(() => void vi.restoreAllMocks());
  const native = await createTfjsEngine(microModel(1));
  const plain = await createTfjsEngine(microModel(1), { backend: "cpu" });
  expect(native.runtime).toBe("@tensorflow/tfjs-node 4.22.0");
  expect(native.notes).toEqual([expect.stringContaining("its speed was not measured")]);
  expect([native.capabilities.seeds, plain.capabilities.seeds]).toEqual([false, true]);
  const data = [
    { prompt: Int32Array.of(1, 2), targets: Int32Array.of(3, 4), weights: Float32Array.of(1, 1) },
  ];
  expect(await native.forward(data)).toEqual(await plain.forward(data));
  await Promise.all([native.close(), plain.close()]);
});

test("a package that does not load is passed over, and said", async () => {
  const cwd = project({
    "@tensorflow/tfjs-node": "throw new Error('libtensorflow.so.2: no such file\\nstack')",
  });
  const { backend, note } = await openRuntime(undefined, cwd);
  expect(backend).toBe("wasm");
  expect(note).toContain(
    "@tensorflow/tfjs-node is installed and does not load: libtensorflow.so.2: no such file.",
  );
  expect(note).not.toContain("stack");
  await expect(openRuntime("node", cwd)).rejects.toMatchObject({
    code: "runtime-failed",
    message: expect.stringContaining("does not load: libtensorflow.so.2"),
    hint: expect.stringContaining("npm install @tensorflow/tfjs-node"),
  });
});

test("where there is none, the error names what to install", async () => {
  await expect(openRuntime("node-gpu", project({}))).rejects.toMatchObject({
    code: "runtime-failed",
    message: expect.stringContaining("none of @tensorflow/tfjs-node-gpu is installed"),
    hint: expect.stringContaining("npm install"),
  });
});

test("who uses TensorFlow.js beside it keeps its backend, and the process its listeners", async () => {
  const { tf } = await openRuntime("cpu");
  await tf.setBackend("cpu");
  const listeners = () =>
    ["uncaughtException", "unhandledRejection"].map((event) => process.listenerCount(event));
  const before = listeners();
  const engine = await createTfjsEngine(microModel(1), { backend: "wasm" });
  const sampled = engine.sample(Int32Array.of(1), { n: 1, maxTokens: 20, temperature: 1, seed: 1 });
  for (let i = 0; i < 5; i++) {
    await new Promise((resolve) => setImmediate(resolve));
    expect(tf.getBackend()).toBe("cpu");
  }
  await sampled;
  await engine.close();
  expect(tf.getBackend()).toBe("cpu");
  expect(listeners()).toEqual(before);
});
