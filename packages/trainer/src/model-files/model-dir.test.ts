import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryDir } from "../fixtures/temporary-dir.ts";
import { microModel, microTextFiles } from "../testing/micro-model.ts";
import { readModelDir, toModelFiles, writeModelDir } from "./model-dir.ts";
import { writeSafetensors } from "./safetensors.ts";
import { elements } from "./weights.ts";

test("what is written is read back, the text files to the letter", async () => {
  const dir = join(await temporaryDir(), "new", "model");
  const model = microModel(5);
  await writeModelDir(dir, model, "F32");
  const read = await readModelDir(dir);
  expect(read.config).toEqual(model.config);
  expect(Object.fromEntries(read.weights)).toEqual(Object.fromEntries(model.weights));
  expect(read.files).toEqual(model.files);
  expect((await readdir(dir)).sort()).toEqual([
    "config.json",
    "model.safetensors",
    "tokenizer.json",
    "tokenizer_config.json",
  ]);
});

test("a model without a config.json of its own gets one", async () => {
  const dir = join(await temporaryDir(), "model");
  const files = new Map([...microTextFiles()].filter(([name]) => name !== "config.json"));
  await writeModelDir(dir, { ...microModel(), files }, "BF16");
  expect(JSON.parse(await readFile(join(dir, "config.json"), "utf8"))).toMatchObject({ model_type: "qwen3" });
  expect((await readModelDir(dir)).config).toEqual(microModel().config);
});

test("nothing is overwritten", async () => {
  const dir = await temporaryDir();
  await writeFile(join(dir, "thesis.tex"), "years of work");
  await expect(writeModelDir(dir, microModel(), "F32")).rejects.toMatchObject({ code: "bad-argument" });
  expect(await readdir(dir)).toEqual(["thesis.tex"]);
});

test("a tied output projection that was written all the same is left out", async () => {
  const dir = join(await temporaryDir(), "model");
  const model = microModel();
  await writeModelDir(dir, model, "F32");
  const embeddings = model.weights.get("model.embed_tokens.weight");
  if (embeddings === undefined) throw new Error("no embeddings");
  const weights = new Map([...model.weights, ["lm_head.weight", embeddings]]);
  await writeSafetensors(join(dir, "model.safetensors"), weights, { dtype: "F32" });
  expect((await readModelDir(dir)).weights.has("lm_head.weight")).toBe(false);
});

test("one that is not the embeddings is refused: transformers takes it, other readers do not", async () => {
  const dir = join(await temporaryDir(), "model");
  const model = microModel();
  await writeModelDir(dir, model, "F32");
  const shape = model.weights.get("model.embed_tokens.weight")?.shape ?? [];
  const head = { shape, data: new Float32Array(elements(shape)).fill(0.5) };
  const weights = new Map([...model.weights, ["lm_head.weight", head]]);
  await writeSafetensors(join(dir, "model.safetensors"), weights, { dtype: "F32" });
  await expect(readModelDir(dir)).rejects.toMatchObject({
    code: "bad-model",
    message: expect.stringContaining("the two are not the same"),
    hint: expect.stringContaining('"tie_word_embeddings": false'),
  });
});

test("a table of frequencies, as Llama 2 was published with, is no weight", async () => {
  const dir = join(await temporaryDir(), "model");
  const model = microModel();
  await writeModelDir(dir, model, "F32");
  const table = { shape: [4], data: Float32Array.of(1, 0.1, 0.01, 0.001) };
  const weights = new Map([...model.weights, ["model.layers.0.self_attn.rotary_emb.inv_freq", table]]);
  await writeSafetensors(join(dir, "model.safetensors"), weights, { dtype: "F32" });
  expect([...(await readModelDir(dir)).weights.keys()].sort()).toEqual([...model.weights.keys()].sort());
});

test("errors name the folder", async () => {
  const dir = join(await temporaryDir(), "model");
  await expect(readModelDir(dir)).rejects.toThrow(`${dir}: config.json is missing`);
  await writeModelDir(dir, microModel(), "F32");
  await writeFile(join(dir, "model.safetensors"), "<html>");
  await expect(readModelDir(dir)).rejects.toThrow(
    `${dir}/model.safetensors: safetensors: 6 bytes are too few`,
  );
  await expect(readModelDir(dir)).rejects.toMatchObject({ hint: "Download or export the model again." });
});

test("a tokenizer with more tokens than the model embeds is refused", () => {
  const { config, weights, files } = microModel();
  const tokenizer = JSON.parse(files.get("tokenizer.json") ?? "");
  tokenizer.model.vocab.zz = 60;
  const larger = new Map([...files, ["tokenizer.json", JSON.stringify(tokenizer)] as const]);
  expect(() => toModelFiles(config, weights, larger)).toThrow("has 61 tokens, the model embeds 48");
});
