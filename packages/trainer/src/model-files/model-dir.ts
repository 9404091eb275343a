import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Message, RrrError } from "@rrr/core";
import { writeDirDurably } from "../durable.ts";
import type { Tokenizer } from "../engine.ts";
import {
  type DecoderConfig,
  parseConfig,
  toHuggingFaceConfig,
  type WrittenDtype,
  withDtype,
} from "./config.ts";
import { explainWeights, refuseAdapter } from "./other-weights.ts";
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

/** @throws bad-model if a file is missing, malformed, or of an unsupported architecture. */
export async function readModelDir(dir: string): Promise<ModelFiles> {
  await refuseAdapter(dir);
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
 * @throws bad-argument if `dir` exists and is not empty.
 */
export async function writeModelDir(
  dir: string,
  model: Pick<ModelFiles, "config" | "weights" | "files">,
  dtype: WrittenDtype,
): Promise<void> {
  const own = model.files.get("config.json");
  const config =
    own === undefined
      ? `${JSON.stringify(toHuggingFaceConfig(model.config, dtype), null, 2)}\n`
      : withDtype(own, dtype);
  await writeDirDurably(dir, async (temporary) => {
    for (const [name, text] of new Map([...model.files, ["config.json", config] as const])) {
      await writeFile(join(temporary, name), text);
    }
    await writeSafetensors(join(temporary, WEIGHTS), model.weights, { dtype });
  });
}
