import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createOnnxEngine } from "@rrr/engine-onnx";
import { readModelDir, type Weights, writeModelDir, writeSafetensors } from "@rrr/trainer";
import { microModel } from "@rrr/trainer/testing";
import { packTar } from "modern-tar";
import { expect, test } from "vitest";
import { exportArchive } from "./export.ts";
import { mergeAdapter } from "./merge-adapter.ts";
import { unpack } from "./unpack.ts";

const temporaryDir = (): Promise<string> => mkdtemp(join(tmpdir(), "rrr-merge-"));
const MODULE = "base_model.model.model.layers.0.mlp.down_proj";

async function adapterDir(weights: Weights, config: object = { r: 2, lora_alpha: 6 }): Promise<string> {
  const dir = await temporaryDir();
  await writeFile(join(dir, "adapter_config.json"), JSON.stringify(config));
  await writeSafetensors(join(dir, "adapter_model.safetensors"), weights, { dtype: "F32" });
  return dir;
}

const pair: Weights = new Map([
  [`${MODULE}.lora_A.weight`, { shape: [2, 3], data: Float32Array.of(1, 2, 3, 0, -1, 1) }],
  [`${MODULE}.lora_B.weight`, { shape: [2, 2], data: Float32Array.of(1, 0, 2, 1) }],
]);
const base: Weights = new Map([
  ["model.layers.0.mlp.down_proj.weight", { shape: [2, 3], data: Float32Array.of(10, 20, 30, 40, 50, 60) }],
  ["model.norm.weight", { shape: [3], data: Float32Array.of(1, 1, 1) }],
]);

test("W + (alpha / r)·B·A, by hand", async () => {
  const merged = await mergeAdapter(base, await adapterDir(pair));
  const data = merged.get("model.layers.0.mlp.down_proj.weight")?.data;
  expect(data).toEqual(Float32Array.of(13, 26, 39, 46, 59, 81));
  expect(merged.get("model.norm.weight")).toBe(base.get("model.norm.weight"));
});

test.each([
  [
    "of a module that is not there",
    new Map([["x.lora_A.weight", { shape: [2, 3], data: new Float32Array(6) }]]),
    {},
  ],
  [
    "of another shape",
    new Map([...pair, [`${MODULE}.lora_B.weight`, { shape: [3, 2], data: new Float32Array(6) }]]),
    {},
  ],
  [
    "with weights of another kind",
    new Map([...pair, ["embed.weight", { shape: [1], data: new Float32Array(1) }]]),
    {},
  ],
  ["of another scale", pair, { use_rslora: true }],
  ["of several ranks", pair, { rank_pattern: { down_proj: 4 } }],
  ["without a rank", pair, { r: 0 }],
])("an adapter %s is refused", async (_, weights, config) => {
  const dir = await adapterDir(weights as Weights, { r: 2, lora_alpha: 6, ...config });
  await expect(mergeAdapter(base, dir)).rejects.toMatchObject({ code: "bad-model" });
});

async function archiveOf(
  files: Readonly<Record<string, Uint8Array | string>>,
): Promise<ReadableStream<Uint8Array>> {
  const entries = Object.entries(files).map(([name, body]) => ({
    header: { name, size: body.length },
    body,
  }));
  const zipped = new Blob([new Uint8Array(await packTar(entries))]).stream();
  return zipped.pipeThrough(new CompressionStream("gzip")) as ReadableStream<Uint8Array>;
}

test("an archive with absolute names, as SkyRL writes them, becomes a model that can be opened", async () => {
  const folder = join(await temporaryDir(), "base");
  const model = microModel(1);
  await writeModelDir(folder, model, "F32");
  const { hiddenSize: width, intermediateSize: inner } = model.config;
  const adapter: Weights = new Map([
    [`${MODULE}.lora_A.weight`, { shape: [1, inner], data: new Float32Array(inner).fill(0.5) }],
    [`${MODULE}.lora_B.weight`, { shape: [width, 1], data: new Float32Array(width).fill(0.25) }],
  ]);
  const dir = await adapterDir(adapter);
  const read = async (name: string) =>
    new Uint8Array(await (await import("node:fs/promises")).readFile(join(dir, name)));
  const archive = await archiveOf({
    "/adapter_config.json": JSON.stringify({ r: 1, lora_alpha: 32, target_modules: null }),
    "/adapter_model.safetensors": await read("adapter_model.safetensors"),
  });
  const target = join(await temporaryDir(), "merged");
  expect(await exportArchive(archive, folder, target)).toMatchObject({
    layout: "hugging-face",
    path: target,
  });
  const name = "model.layers.0.mlp.down_proj.weight";
  const [before, after] = [model.weights.get(name), (await readModelDir(target)).weights.get(name)];
  expect(after?.data).toEqual(before?.data.map((value) => Math.fround(value + 4)));
  await (await createOnnxEngine(await readModelDir(target))).close();
});

test("without weights beside the tokenizer, the adapter is written as it came", async () => {
  const archive = await archiveOf({ "adapter_config.json": "{}", "adapter_model.safetensors": "x" });
  const target = join(await temporaryDir(), "adapter");
  expect(await exportArchive(archive, await temporaryDir(), target)).toMatchObject({ layout: "other" });
});

test.each(["../x", "a/../../x", "a\\x"])("an archive that names %j is refused", async (name) => {
  const archive = await archiveOf({ [name]: "x" });
  await expect(unpack(archive, await temporaryDir())).rejects.toMatchObject({ code: "model-failed" });
});

test("an archive that is cut is refused", async () => {
  const whole = new Uint8Array(await new Response(await archiveOf({ a: "x".repeat(5_000) })).arrayBuffer());
  const cut = new Blob([whole.subarray(0, whole.length - 20)]).stream() as ReadableStream<Uint8Array>;
  await expect(unpack(cut, await temporaryDir())).rejects.toMatchObject({ code: "model-failed" });
});
