import { mkdtemp, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createOnnxEngine } from "@rrr/engine-onnx";
import { readModelDir, type Weights, writeModelDir, writeSafetensors } from "@rrr/trainer";
import { microModel } from "@rrr/trainer/testing";
import { packTar } from "modern-tar";
import { expect, test } from "vitest";
import { exportArchive } from "./export.ts";
import { unpack } from "./unpack.ts";

const temporaryDir = (): Promise<string> => mkdtemp(join(tmpdir(), "rrr-merge-"));
const MODULE = "base_model.model.model.layers.0.mlp.down_proj";

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
  const file = join(await temporaryDir(), "adapter.safetensors");
  await writeSafetensors(file, adapter, { dtype: "F32" });
  const archive = await archiveOf({
    "/adapter_config.json": JSON.stringify({ peft_type: "LORA", r: 1, lora_alpha: 32, target_modules: null }),
    "/adapter_model.safetensors": new Uint8Array(await readFile(file)),
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

test("an archive with its files in folders is written with them, and without the one around all", async () => {
  const archive = await archiveOf({ "w0/a/config.json": "{}", "w0/a/tokens/x.txt": "x" });
  const target = join(await temporaryDir(), "model");
  expect(await exportArchive(archive, await temporaryDir(), target)).toMatchObject({ layout: "other" });
  expect((await readdir(target, { recursive: true })).toSorted()).toEqual([
    "config.json",
    "tokens",
    "tokens/x.txt",
  ]);
});

test("an archive without files is refused", async () => {
  const target = join(await temporaryDir(), "model");
  await expect(exportArchive(await archiveOf({}), await temporaryDir(), target)).rejects.toMatchObject({
    code: "model-failed",
  });
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
