import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Message, RrrError } from "@rrr/core";
import { writeDirDurably } from "../durable.ts";
import type { Tokenizer } from "../engine.ts";
import { baseModelDir, checkBeside, isAdapterDir, readAdapterDir } from "./adapter-dir.ts";
import {
  type DecoderConfig,
  parseConfig,
  toHuggingFaceConfig,
  type WrittenDtype,
  withDtype,
} from "./config.ts";
import { type Adapter, mergeInPlace } from "./lora.ts";
import { explainWeights } from "./other-weights.ts";
import { writeSafetensors } from "./safetensors.ts";
import { parseJson, readTextFiles, type TextFiles } from "./text-files.ts";
import { createTokenizer } from "./tokenizer.ts";
import { INDEX, readWeights, WEIGHTS, weightFiles } from "./weight-files.ts";
import { checkWeights, type Weights } from "./weights.ts";

/** A model as it lies in a folder in Hugging Face layout, checked. */
export interface ModelFiles {
  readonly config: DecoderConfig;
  readonly weights: Weights;
  readonly tokenizer: Tokenizer;
  /** The text files as they were read, to be written again on export. */
  readonly files: TextFiles;
}

/** What a chat template must show to the model: a retry is the last turn of such a conversation. */
const CONVERSATION: readonly Message[] = [
  { role: "user", content: "What is 2 + 2?" },
  { role: "assistant", content: "It is 5." },
  { role: "user", content: "That is wrong. What was the mistake?" },
  { role: "assistant", content: "I did not count." },
  { role: "user", content: "So what is 2 + 2?" },
];

/**
 * Reads a model. A folder that holds an adapter is the model that the adapter makes of its base.
 * @throws bad-model if a file is missing, malformed, or of an unsupported architecture.
 */
export async function readModelDir(dir: string): Promise<ModelFiles> {
  const { model, adapter } = await readAdaptedDir(dir);
  if (adapter !== undefined) mergeInPlace(model.weights, adapter);
  return model;
}

/** A model and, apart from it, the adapter that belongs to it. */
export interface AdaptedModel {
  readonly model: ModelFiles;
  /** Where the model lies. */
  readonly dir: string;
  readonly adapter?: Adapter;
}

/**
 * Reads a model and the adapter that its folder holds, if any, without merging them.
 * @param adapterDir a folder with an adapter of that model, in PEFT's layout
 * @throws bad-model as `readModelDir` does
 */
export async function readAdaptedDir(dir: string, adapterDir?: string): Promise<AdaptedModel> {
  const base = await baseModelDir(dir);
  const own = (await isAdapterDir(dir)) ? dir : undefined;
  if (own !== undefined && adapterDir !== undefined) {
    throw new RrrError("bad-model", `${dir} holds an adapter already, and ${adapterDir} is another`, {
      hint: "Give the folder of the model without an adapter, or leave --adapter out.",
    });
  }
  if (own !== undefined && base === dir) await checkBeside(dir);
  const model = await readBare(base);
  const from = adapterDir ?? own;
  if (from === undefined) return { model, dir: base };
  return { model, dir: base, adapter: await readAdapterDir(from, model.config, model.weights) };
}

/** What config.json says of a model, before anything large is read. @throws bad-model */
export async function readModelConfig(dir: string): Promise<DecoderConfig> {
  return parseConfig(parseJson(await readTextFiles(dir), "config.json"));
}

async function readBare(dir: string): Promise<ModelFiles> {
  const files = await readTextFiles(dir);
  try {
    const names = await weightFiles(dir);
    const others = names === undefined ? await explainWeights(dir) : undefined;
    if (others !== undefined && !files.has("config.json")) throw others;
    const config = parseConfig(parseJson(files, "config.json"));
    if (names === undefined) throw others ?? new RrrError("bad-model", `${WEIGHTS} is missing`);
    return toModelFiles(config, await readWeights(dir, names, config), files);
  } catch (error) {
    if (!RrrError.is(error)) throw error;
    const message = error.message.startsWith(dir) ? error.message : `${dir}: ${error.message}`;
    const hint = error.hint ?? "Download or export the model again.";
    throw new RrrError(error.code, message, { cause: error, hint });
  }
}

/** The names of the files that `readModelDir` reads: what the model is depends on nothing else in its folder. */
export async function modelDirFiles(dir: string): Promise<readonly string[]> {
  const weights = (await weightFiles(dir)) ?? [];
  const index = weights.length > 0 && !weights.includes(WEIGHTS) ? [INDEX] : [];
  return [...(await readTextFiles(dir)).keys(), ...index, ...weights];
}

/** Puts a model together from its parts. @throws bad-model if they do not fit each other. */
export function toModelFiles(config: DecoderConfig, weights: Weights, files: TextFiles): ModelFiles {
  checkWeights(config, weights);
  const tokenizer = createTokenizer(files);
  if (tokenizer.vocabSize > config.vocabSize) {
    throw new RrrError(
      "bad-model",
      `the tokenizer has ${tokenizer.vocabSize} tokens, the model embeds ${config.vocabSize}`,
      { hint: "Take tokenizer.json from where the weights are from." },
    );
  }
  tokenizer.encodeChat(CONVERSATION);
  return { config, weights, tokenizer, files };
}

/**
 * Writes a model in Hugging Face layout. The folder appears at once, complete, or not at all.
 * A config.json that the model came with is kept, but for the type of weights that it names.
 * @param texts further files by name, e.g. a README.md
 * @throws bad-argument if `dir` exists and is not empty.
 */
export async function writeModelDir(
  dir: string,
  model: Pick<ModelFiles, "config" | "weights" | "files">,
  dtype: WrittenDtype,
  texts: ReadonlyMap<string, string> = new Map(),
): Promise<void> {
  const own = model.files.get("config.json");
  const config =
    own === undefined
      ? `${JSON.stringify(toHuggingFaceConfig(model.config, dtype), null, 2)}\n`
      : withDtype(own, dtype);
  await writeDirDurably(dir, async (temporary) => {
    for (const [name, text] of new Map<string, string>([...model.files, ["config.json", config], ...texts])) {
      await writeFile(join(temporary, name), text);
    }
    await writeSafetensors(join(temporary, WEIGHTS), model.weights, { dtype });
  });
}
