import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryDir } from "../fixtures/temporary-dir.ts";
import { MICRO_CONFIG, microModel } from "../testing/micro-model.ts";
import { readAdapterDir } from "./adapter-dir.ts";
import { initAdapter, loraNames, mergeInPlace, projectionShapes } from "./lora.ts";
import { readModelDir, writeModelDir } from "./model-dir.ts";
import { writeSafetensors } from "./safetensors.ts";
import type { Weight } from "./weights.ts";

const { weights } = microModel();
const config = { peft_type: "LORA", r: 2, lora_alpha: 4 };
const name = "base_model.model.model.layers.0.self_attn.q_proj";
const zeros = (...shape: number[]): Weight => ({
  shape,
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)),
});

async function adapterDir(tensors: ReadonlyMap<string, Weight>): Promise<string> {
  const dir = await temporaryDir();
  await writeFile(join(dir, "adapter_config.json"), JSON.stringify(config));
  await writeSafetensors(join(dir, "adapter_model.safetensors"), tensors, { dtype: "F32" });
  return dir;
}

const pair = [
  [`${name}.lora_A.weight`, zeros(2, 16)],
  [`${name}.lora_B.weight`, zeros(16, 2)],
] as const;
const broken = { shape: [2, 16], data: new Float32Array(32).fill(Number.NaN) };

test("what PEFT writes is an adapter", async () => {
  const dir = await adapterDir(new Map(pair));
  const { modules } = await readAdapterDir(dir, MICRO_CONFIG, weights);
  expect([...modules.keys()]).toEqual(["model.layers.0.self_attn.q_proj"]);
});

test.each([
  ["one matrix of two", pair.slice(0, 1), /q_proj has \[2,16\] and \[nothing\]/],
  ["another rank", [pair[0], [pair[1][0], zeros(16, 3)]], /not \[2,16\] and \[16,2\]/],
  ["another width", [[pair[0][0], zeros(2, 17)], pair[1]], /has \[2,17\]/],
  [
    "the output",
    [...pair, ["base_model.model.lm_head.lora_A.weight", zeros(2, 16)]],
    /lm_head.*not an adapter of a projection/,
  ],
  ["a layer that there is not", [[pair[0][0].replace("0", "9"), zeros(2, 16)]], /layers\.9/],
  ["no number", [[pair[0][0], broken], pair[1]], /holds what is no weight/],
  ["nothing", [["x", zeros(1)]], /"x"/],
] as const)("an adapter with %s is refused", async (_, tensors, message) => {
  const dir = await adapterDir(new Map(tensors as readonly (readonly [string, Weight])[]));
  await expect(readAdapterDir(dir, MICRO_CONFIG, weights)).rejects.toMatchObject({
    code: "bad-model",
    message: expect.stringMatching(message),
  });
});

test.each([
  ["no JSON", "{"],
  ["no object", "[]"],
  ["an absolute folder", JSON.stringify({ folder: "/etc", sha256: "0" })],
  ["no hash", JSON.stringify({ folder: "../base" })],
])("rrr_base.json with %s is refused", async (_, text) => {
  const dir = await adapterDir(new Map(pair));
  await writeFile(join(dir, "rrr_base.json"), text);
  await expect(readModelDir(dir)).rejects.toMatchObject({ code: "bad-model" });
});

test("an adapter of an adapter is refused, and one without its base says how to give it", async () => {
  const dir = await adapterDir(new Map(pair));
  await expect(readModelDir(dir)).rejects.toMatchObject({ hint: expect.stringContaining("--adapter") });
  const base = join(await temporaryDir(), "base");
  await writeModelDir(base, microModel(), "F32");
  await writeFile(join(base, "adapter_config.json"), JSON.stringify(config));
  await writeFile(
    join(dir, "adapter_config.json"),
    JSON.stringify({ ...config, base_model_name_or_path: base }),
  );
  await expect(readModelDir(dir)).rejects.toThrow("which is an adapter too");
});

test("an adapter beside weights is of them only where it says so: what was merged is not added again", async () => {
  const dir = join(await temporaryDir(), "both");
  await writeModelDir(dir, microModel(), "F32");
  const from = await adapterDir(new Map(pair));
  await copyFile(join(from, "adapter_model.safetensors"), join(dir, "adapter_model.safetensors"));
  const say = (base: unknown) =>
    writeFile(join(dir, "adapter_config.json"), JSON.stringify({ ...config, base_model_name_or_path: base }));
  await say("Qwen/Qwen3-0.6B");
  await expect(readModelDir(dir)).rejects.toMatchObject({
    code: "bad-model",
    message: expect.stringContaining("merged into them already"),
    hint: expect.stringContaining("--adapter"),
  });
  await say(dir);
  expect((await readModelDir(dir)).weights.size).toBe(weights.size);
});

test("an adapter that makes of its model what is no weight is refused when it is merged", async () => {
  const large = { shape: [2, 16], data: new Float32Array(32).fill(9e5) };
  const dir = await adapterDir(
    new Map([
      [pair[0][0], large],
      [pair[1][0], { ...large, shape: [16, 2] }],
    ]),
  );
  const adapter = await readAdapterDir(dir, MICRO_CONFIG, weights);
  expect(() => mergeInPlace(microModel().weights, adapter)).toThrow(
    expect.objectContaining({ code: "bad-model", message: expect.stringContaining("q_proj.weight") }),
  );
});

test("a new adapter is of every projection and of nothing else", () => {
  const { modules } = initAdapter(MICRO_CONFIG, { rank: 2 });
  expect(modules.size).toBe(14);
  expect([...modules.keys()]).toEqual([...projectionShapes(MICRO_CONFIG).keys()]);
  for (const [projection, { a, b }] of modules) {
    const bound = 1 / Math.sqrt(a.shape[1] as number);
    expect(a.data.every((value) => Math.abs(value) <= bound && value !== 0)).toBe(true);
    expect(b.data.every((value) => value === 0)).toBe(true);
    expect(loraNames(projection)[0]).toBe(`${projection}.lora_A.weight`);
  }
  expect(initAdapter(MICRO_CONFIG, { rank: 2 })).toEqual({ modules, rslora: false });
});
