import { stat } from "node:fs/promises";
import { join } from "node:path";
import { RrrError } from "@rrr/core";
import type { DecoderConfig } from "./config.ts";
import { readSafetensors, readSafetensorsHeader } from "./safetensors.ts";
import type { TensorEntry } from "./safetensors-header.ts";
import { show } from "./show.ts";
import { parseJsonText, readTextFile } from "./text-files.ts";
import { checkShapes, type Weight, type Weights } from "./weights.ts";

export const WEIGHTS = "model.safetensors";
export const INDEX = "model.safetensors.index.json";
/** Models of a trillion weights have some 200. */
const MAX_SHARDS = 1000;
const EMBEDDING = "model.embed_tokens.weight";
const HEAD = "lm_head.weight";
const HINT = "Download or export the model again, all of its files.";

/** Which files hold a folder's weights: one, or the shards that an index names. Undefined where there are none. */
export async function weightFiles(dir: string): Promise<readonly string[] | undefined> {
  if (await isThere(join(dir, WEIGHTS))) return [WEIGHTS];
  const index = await readIndex(dir);
  return index && [...new Set(index.values())].sort();
}

/**
 * The weights of a model's folder. What the files say of themselves is compared with the model before anything large is
 * read.
 * @param files as `weightFiles` gives them
 * @throws bad-model
 */
export async function readWeights(
  dir: string,
  files: readonly string[],
  config: DecoderConfig,
): Promise<Weights> {
  const isSingle = files[0] === WEIGHTS;
  const index = isSingle ? undefined : await readIndex(dir);
  const entries: TensorEntry[] = [];
  for (const file of files) {
    const found = await readSafetensorsHeader(join(dir, file));
    if (index !== undefined) checkShard(file, found, index);
    entries.push(...found);
  }
  // Some exporters write the tied output projection a second time, and Llama 2 came with a table of its frequencies.
  const isSecond = (name: string): boolean => config.tieWordEmbeddings && name === HEAD;
  const isNeeded = (name: string): boolean => !isSecond(name) && !/\.rotary_emb\.inv_freq$/.test(name);
  checkShapes(
    config,
    entries.filter(({ name }) => isNeeded(name)),
  );
  const weights = new Map<string, Weight>();
  for (const file of files) {
    for (const [name, weight] of await readSafetensors(join(dir, file), isNeeded)) weights.set(name, weight);
  }
  for (const file of files) {
    const second = (await readSafetensors(join(dir, file), isSecond)).get(HEAD);
    if (second !== undefined) checkTied(weights, second);
  }
  return weights;
}

/** Of two that differ, some readers take one and others the other: which model is meant cannot be known. */
function checkTied(weights: Weights, { data }: Weight): void {
  const tied = weights.get(EMBEDDING)?.data;
  // As bits: Buffer compares without a call for each of a hundred million numbers.
  if (tied !== undefined && bytesOf(tied).equals(bytesOf(data))) return;
  throw new RrrError(
    "bad-model",
    `config.json says that ${HEAD} is ${EMBEDDING} (tie_word_embeddings), and the two are not the same`,
    { hint: 'If they were trained apart, config.json is to say "tie_word_embeddings": false.' },
  );
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** Which file the index names for each tensor. */
async function readIndex(dir: string): Promise<ReadonlyMap<string, string> | undefined> {
  const text = await readTextFile(join(dir, INDEX));
  if (text === undefined) return undefined;
  const map = (parseJsonText(text, INDEX) as { readonly weight_map?: unknown } | null)?.weight_map;
  if (typeof map !== "object" || map === null || Array.isArray(map)) throw bad("it has no weight_map");
  const index = new Map(Object.entries(map));
  for (const [name, file] of index) {
    if (typeof file !== "string") throw bad(`${show(name)} is in ${show(file)}, which is no file's name`);
    if (/[/\\\0]/.test(file) || !/[^.].*\.safetensors$/.test(file)) {
      throw bad(`${show(name)} is in ${show(file)}, not in a .safetensors file beside it`);
    }
  }
  const files = [...new Set(index.values())];
  if (files.length === 0) throw bad("it names no files");
  if (files.length > MAX_SHARDS) throw bad(`it names ${files.length} files, more than any model has`);
  const missing: string[] = [];
  for (const file of files) if (!(await isThere(join(dir, file)))) missing.push(file);
  if (missing.length === 0) return index;
  const [first] = missing.sort();
  throw bad(
    `${missing.length} of ${files.length} files are missing: ${first}${missing.length > 1 ? ", …" : ""}`,
  );
}

/** A shard holds what the index says, all of it and nothing else: otherwise it is from another model. */
function checkShard(file: string, entries: readonly TensorEntry[], index: ReadonlyMap<string, string>): void {
  const held = new Set(entries.map(({ name }) => name));
  for (const [name, named] of index) {
    if (named === file && !held.has(name))
      throw bad(`${show(name)} is to be in ${file}, which does not hold it`);
  }
  for (const name of held) {
    if (index.get(name) !== file) throw bad(`${file} holds ${show(name)}, which it does not name there`);
  }
}

/** Whether there is anything by that path. */
export async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function bad(message: string): RrrError {
  return new RrrError("bad-model", `${INDEX}: ${message}`, { hint: HINT });
}
