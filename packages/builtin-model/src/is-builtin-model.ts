import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Whether a folder holds a built-in model, or one that was trained from it, here or elsewhere: its vocabulary and its sizes
 * are those of one. The words of a built-in model's vocabulary are its own.
 */
export function isBuiltinModelDir(folder: string): boolean {
  const models = fileURLToPath(new URL("../models/", import.meta.url));
  const found = shapeOf(folder);
  return found !== undefined && readdirSync(models).some((name) => shapeOf(join(models, name)) === found);
}

/** A built-in model's tokenizer.json has a tenth of it; those of others need not be read. */
const MOST_BYTES = 1_000_000;
const SIZES = ["model_type", "vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads"];

/** What training leaves as it is; undefined where the folder has no such files. */
function shapeOf(folder: string): string | undefined {
  try {
    const [config, tokenizer] = ["config.json", "tokenizer.json"].map((name) =>
      readSmall(join(folder, name)),
    );
    // Other programs write the rest of a tokenizer's file in their own way.
    return JSON.stringify([SIZES.map((size) => config?.[size]), tokenizer?.model, tokenizer?.added_tokens]);
  } catch {
    return undefined;
  }
}

function readSmall(path: string): Readonly<Record<string, unknown>> {
  if (statSync(path).size > MOST_BYTES) throw new Error(`${path} is no built-in model's`);
  return JSON.parse(readFileSync(path, "utf8"));
}
