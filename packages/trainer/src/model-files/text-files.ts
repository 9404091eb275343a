import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { RrrError } from "@rrr/core";
import { reasonOf } from "./show.ts";

/** The text files of a model in Hugging Face layout that are read or, on export, written again as they were. */
const NAMES = [
  "config.json",
  "generation_config.json",
  "tokenizer.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "chat_template.jinja",
  "chat_template.json",
] as const;

export type TextFileName = (typeof NAMES)[number];
export type TextFiles = ReadonlyMap<TextFileName, string>;

/** The largest tokenizer.json in use is about 35 MB. */
const MAX_BYTES = 50_000_000;
/** Lists, objects and elements of one file, which take far more room than their text. That one has 1.5 million. */
const MAX_ELEMENTS = 2_000_000;

/** Reads those of the files that exist. @throws bad-model if one is absurdly large, no file or cannot be read. */
export async function readTextFiles(dir: string): Promise<TextFiles> {
  const files = new Map<TextFileName, string>();
  for (const name of NAMES) {
    const text = await readTextFile(join(dir, name));
    if (text !== undefined) files.set(name, text);
  }
  return files;
}

/** The text of a file, undefined if there is none. @throws bad-model as `readTextFiles` does */
export async function readTextFile(path: string): Promise<string | undefined> {
  try {
    const found = await stat(path);
    // A pipe would be waited for without end.
    if (!found.isFile()) throw new RrrError("bad-model", `${path} is no file`);
    if (found.size > MAX_BYTES) throw new RrrError("bad-model", `${path} is too large: ${found.size} bytes`);
    return await readFile(path, "utf8");
  } catch (error) {
    if (RrrError.is(error)) throw error;
    if (/^(ENOENT|ENOTDIR)$/.test((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw new RrrError("bad-model", `cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** @throws bad-model if the file is missing or is not a JSON object. */
export function parseJson(files: TextFiles, name: TextFileName): Record<string, unknown> {
  const text = files.get(name);
  if (text === undefined) {
    throw new RrrError("bad-model", `${name} is missing`, {
      hint: "A model is a folder in Hugging Face layout: config.json, tokenizer.json, model.safetensors, …",
    });
  }
  const json = parseJsonText(text, name);
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new RrrError("bad-model", `${name} is not a JSON object`);
  }
  return json as Record<string, unknown>;
}

const [COMMA, BRACKET, BRACE] = [44, 91, 123];

/** @throws bad-model */
export function parseJsonText(text: string, name: string): unknown {
  let elements = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === COMMA || code === BRACKET || code === BRACE) elements++;
  }
  if (elements > MAX_ELEMENTS) throw new RrrError("bad-model", `${name} has too many elements: ${elements}`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RrrError("bad-model", `${name} is not JSON: ${reasonOf(cause)}`, { cause });
  }
}
