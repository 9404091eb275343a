import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryDir } from "../fixtures/temporary-dir.ts";
import { microModel } from "../testing/micro-model.ts";
import { modelDirFiles, readModelDir, writeModelDir } from "./model-dir.ts";
import { writeSafetensors } from "./safetensors.ts";
import type { Weights } from "./weights.ts";

const model = microModel(5);
const names = [...model.weights.keys()];
const FILES = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"] as const;
const NORM = "model.norm.weight";

/** A folder with all of a model but its weights. */
async function bareDir(): Promise<string> {
  const dir = join(await temporaryDir(), "model");
  await writeModelDir(dir, model, "F32");
  await rm(join(dir, "model.safetensors"));
  return dir;
}

/** A model in two files and an index of them. @param edit changes what the index says */
async function shardedDir(edit: (map: Record<string, unknown>) => void = () => {}): Promise<string> {
  const dir = await bareDir();
  const map: Record<string, unknown> = {};
  for (const [number, file] of FILES.entries()) {
    const own = names.filter((_, i) => i % 2 === number);
    for (const name of own) map[name] = file;
    await writeSafetensors(join(dir, file), new Map(own.map((name) => [name, weightOf(name)])), {
      dtype: "F32",
    });
  }
  edit(map);
  await writeFile(
    join(dir, "model.safetensors.index.json"),
    JSON.stringify({ metadata: {}, weight_map: map }),
  );
  return dir;
}

function weightOf(name: string) {
  const weight = model.weights.get(name);
  if (weight === undefined) throw new Error(`no weight ${name}`);
  return weight;
}

test("a model in several files is the same model, and is known by all of them", async () => {
  const dir = await shardedDir();
  await writeFile(join(dir, "README.md"), "for later");
  expect(new Map((await readModelDir(dir)).weights)).toEqual(new Map(model.weights));
  expect([...(await modelDirFiles(dir))].sort()).toEqual(
    [
      "config.json",
      ...FILES,
      "model.safetensors.index.json",
      "tokenizer.json",
      "tokenizer_config.json",
    ].sort(),
  );
});

test("one file is taken before several, as transformers do", async () => {
  const dir = await shardedDir((map) => {
    map[NORM] = "nowhere.safetensors";
  });
  await writeSafetensors(join(dir, "model.safetensors"), microModel(6).weights, { dtype: "F32" });
  expect(new Map((await readModelDir(dir)).weights)).toEqual(new Map(microModel(6).weights));
});

test.each<[string, (map: Record<string, unknown>) => void, string]>([
  [
    "a file that is not there",
    (map) => Object.assign(map, { [NORM]: "c.safetensors" }),
    "1 of 3 files are missing: c.safetensors",
  ],
  [
    "a tensor that is elsewhere",
    (map) => Object.assign(map, { [NORM]: FILES[1 - (names.indexOf(NORM) % 2)] }),
    "does not hold it",
  ],
  [
    "a tensor that nobody has",
    (map) => Object.assign(map, { x: FILES[0] }),
    '"x" is to be in model-00001-of-00002',
  ],
  ["a tensor left out", (map) => delete map[NORM], "which it does not name there"],
  [
    "a path upwards",
    (map) => Object.assign(map, { [NORM]: "../c.safetensors" }),
    "not in a .safetensors file beside it",
  ],
  [
    "an absolute path",
    (map) => Object.assign(map, { [NORM]: "/etc/c.safetensors" }),
    "not in a .safetensors file beside it",
  ],
  [
    "a path of Windows",
    (map) => Object.assign(map, { [NORM]: "a\\c.safetensors" }),
    "not in a .safetensors file beside it",
  ],
  [
    "a file of another kind",
    (map) => Object.assign(map, { [NORM]: "pytorch_model.bin" }),
    "not in a .safetensors file beside it",
  ],
  ["no name", (map) => Object.assign(map, { [NORM]: 7 }), "which is no file's name"],
])("an index with %s is refused", async (_, edit, message) => {
  const dir = await shardedDir(edit);
  await expect(readModelDir(dir)).rejects.toMatchObject({
    code: "bad-model",
    message: expect.stringContaining(message),
  });
});

test("an index that is none is refused in one line", async () => {
  const dir = await bareDir();
  for (const text of ["{\n\n!", "[]", "null", '{"weight_map": []}', '{"weight_map": {}}']) {
    await writeFile(join(dir, "model.safetensors.index.json"), text);
    const error = await readModelDir(dir).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "bad-model",
      message: expect.stringMatching(/^[^\n]*index\.json[^\n]*$/),
    });
  }
});

test.each([
  ["pytorch_model.bin", "pickle", /save_pretrained/],
  ["model.pt", "pickle", /save_pretrained/],
  ["model-Q4_K_M.gguf", "llama.cpp", /llama-server/],
  ["adapter_model.safetensors", "adapter", /merge_and_unload/],
  ["model-00001-of-00002.safetensors", "without model.safetensors.index.json", /Add that file/],
  ["consolidated.safetensors", "not called model.safetensors", /Rename/],
])("a folder with %s in place of the weights says what to do", async (file, message, hint) => {
  const dir = await bareDir();
  await writeFile(join(dir, file), "x");
  const expected = {
    code: "bad-model",
    message: expect.stringContaining(message),
    hint: expect.stringMatching(hint),
  };
  await expect(readModelDir(dir)).rejects.toMatchObject(expected);
  await rm(join(dir, "config.json"));
  await expect(readModelDir(dir)).rejects.toMatchObject(expected);
});

test("a folder of an adapter, a file, and an ONNX model are not what is trained", async () => {
  const dir = await bareDir();
  await mkdir(join(dir, "onnx"));
  await expect(readModelDir(dir)).rejects.toMatchObject({
    hint: expect.stringContaining("transformers:FOLDER"),
  });
  await writeSafetensors(join(dir, "model.safetensors"), model.weights, { dtype: "F32" });
  await writeFile(join(dir, "adapter_config.json"), "{}");
  await expect(readModelDir(dir)).rejects.toMatchObject({
    hint: expect.stringContaining("merge_and_unload"),
  });
  const file = join(dir, "config.json");
  await expect(readModelDir(file)).rejects.toMatchObject({
    message: `${file} is a file; a model is a folder`,
  });
});

const renamed = (rename: (name: string) => string): Weights =>
  new Map([...model.weights].map(([name, weight]) => [rename(name), weight]));

test.each([
  ["peft", (name: string) => `base_model.model.${name}`, /merge_and_unload/],
  ["torch.compile", (name: string) => `_orig_mod.${name}`, /_orig_mod/],
  ["several GPUs", (name: string) => `module.${name}`, /model\.module/],
  ["something else", (name: string) => `policy.${name}`, /"policy\."/],
  ["a model without its output", (name: string) => name.replace("model.", ""), /AutoModelForCausalLM/],
  ["a quantiser", (name: string) => name.replace("q_proj.weight", "q_proj.qweight"), /quantised/],
  ["lora", (name: string) => name.replace("q_proj.weight", "q_proj.lora_A.weight"), /merge_and_unload/],
])("names of weights that come from %s say what to do", async (_, rename, hint) => {
  const dir = await bareDir();
  await writeSafetensors(join(dir, "model.safetensors"), renamed(rename), { dtype: "F32" });
  await expect(readModelDir(dir)).rejects.toMatchObject({
    code: "bad-model",
    hint: expect.stringMatching(hint),
  });
});

test("a model whose weights are not what they are called is refused with what to do", async () => {
  const dir = await bareDir();
  await writeFile(join(dir, "model.safetensors"), "version https://git-lfs.github.com/spec/v1\nsize 5\n");
  await expect(readModelDir(dir)).rejects.toMatchObject({ hint: expect.stringContaining("git lfs pull") });
  const header = JSON.stringify({ [NORM]: { dtype: "U8", shape: [16], data_offsets: [0, 16] } });
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  await writeFile(
    join(dir, "model.safetensors"),
    Buffer.concat([length, Buffer.from(header), Buffer.alloc(16)]),
  );
  await expect(readModelDir(dir)).rejects.toMatchObject({ hint: expect.stringContaining("quantised") });
});

test("what the files say is compared with config.json before any weight is read", async () => {
  const dir = await bareDir();
  await writeSafetensors(join(dir, "model.safetensors"), model.weights, { dtype: "F32" });
  const config = JSON.parse(model.files.get("config.json") ?? "");
  await writeFile(join(dir, "config.json"), JSON.stringify({ ...config, num_hidden_layers: 1000 }));
  await expect(readModelDir(dir)).rejects.toThrow("model.layers.2.input_layernorm.weight is missing");
  await writeFile(join(dir, "config.json"), JSON.stringify({ ...config, tie_word_embeddings: undefined }));
  await expect(readModelDir(dir)).rejects.toMatchObject({
    message: expect.stringContaining("lm_head.weight is missing"),
    hint: expect.stringContaining('"tie_word_embeddings": true'),
  });
});
