import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { RrrError } from "@rrr/core";
import { type Json, listOf, objectOf } from "@rrr/tinker-protocol";
import type { Bounds } from "./check-data.ts";
import type { TinkerEngineSettings } from "./settings.ts";
import { read } from "./wire/futures.ts";

/**
 * What the server calls a model, and what it can take, by the server and by the folder of its tokenizer. A folder that
 * the server does not know by its path goes by its name.
 * @param capabilities of the server
 * @throws RrrError `bad-model` for a model that the server does not have, or whose context nobody knows
 */
export async function findModel(
  capabilities: Json,
  { model, folder, tokenizer, contextLength: asked }: TinkerEngineSettings,
): Promise<{ readonly name: string; readonly bounds: Bounds }> {
  const supported = read(() =>
    listOf(capabilities.supported_models, "supported_models").map((each) => objectOf(each, "a model")),
  );
  const named = (name: string) => supported.find(({ model_name }) => model_name === name);
  const found = named(model) ?? named(basename(model));
  if (found === undefined) {
    const names = supported.map(({ model_name }) => String(model_name)).join(", ");
    throw new RrrError("bad-model", `the server has no model ${JSON.stringify(model)}`, {
      hint: `Give --model one of: ${names.slice(0, 1000)}.`,
    });
  }
  const config = await configOf(folder);
  const contextLength = asked ?? wholeOf(found.max_context_length) ?? wholeOf(config.max_position_embeddings);
  if (contextLength === undefined) {
    throw new RrrError("bad-model", `nothing says how long the context of ${model} is`, {
      hint: "Put the model's config.json beside its tokenizer, or give --engine.contextLength.",
    });
  }
  const vocabSize = Math.max(tokenizer.vocabSize, wholeOf(config.vocab_size) ?? 0);
  return { name: String(found.model_name), bounds: { contextLength, vocabSize } };
}

/** A tokenizer may come without one. */
async function configOf(folder: string): Promise<Json> {
  try {
    return objectOf(JSON.parse(await readFile(join(folder, "config.json"), "utf8")), "config.json");
  } catch {
    return {};
  }
}

function wholeOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : undefined;
}
