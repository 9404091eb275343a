import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { RrrError } from "@rrr/core";
import { writeDirDurably } from "../durable.ts";
import type { Tokenizer } from "../engine.ts";
import { type DecoderConfig, parseConfig, toHuggingFaceConfig } from "./config.ts";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";
import { parseJson, readTextFiles, type TextFiles } from "./text-files.ts";
import { createTokenizer } from "./tokenizer.ts";
import { checkWeights, type Weights } from "./weights.ts";

/** A model as it lies in a folder in Hugging Face layout, checked. */
export interface ModelFiles {
  readonly config: DecoderConfig;
  readonly weights: Weights;
  readonly tokenizer: Tokenizer;
  /** The text files as they were read, to be written again on export. */
  readonly files: TextFiles;
}

const WEIGHTS = "model.safetensors";

/** @throws bad-model if a file is missing, malformed, or of an unsupported architecture. */
export async function readModelDir(dir: string): Promise<ModelFiles> {
  const files = await readTextFiles(dir);
  try {
    const config = parseConfig(parseJson(files, "config.json"));
    const weights = new Map(await readSafetensors(join(dir, WEIGHTS)));
    // Some exporters write the tied output projection a second time.
    if (config.tieWordEmbeddings) weights.delete("lm_head.weight");
    return toModelFiles(config, weights, files);
  } catch (error) {
    if (!RrrError.is(error)) throw error;
    const message = error.message.startsWith(dir) ? error.message : `${dir}: ${error.message}`;
    const hint = error.hint ?? "Download or export the model again.";
    throw new RrrError(error.code, message, { cause: error, hint });
  }
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
  return { config, weights, tokenizer, files };
}

/**
 * Writes a model in Hugging Face layout. The folder appears at once, complete, or not at all.
 * A config.json that the model came with is kept as it was.
 * @throws bad-argument if `dir` exists and is not empty.
 */
export async function writeModelDir(
  dir: string,
  model: Pick<ModelFiles, "config" | "weights" | "files">,
  dtype: "F32" | "BF16",
): Promise<void> {
  const config = `${JSON.stringify(toHuggingFaceConfig(model.config), null, 2)}\n`;
  await writeDirDurably(dir, async (temporary) => {
    for (const [name, text] of new Map([["config.json", config], ...model.files])) {
      await writeFile(join(temporary, name), text);
    }
    await writeSafetensors(join(temporary, WEIGHTS), model.weights, { dtype });
  });
}
