import { RrrError } from "@rrr/core";
import type { HubFile } from "./pull-event.ts";

/** What a model's folder holds besides its weights. Neither code nor pickles: both can run what they like. */
const TEXTS: readonly string[] = [
  ...["config.json", "generation_config.json", "chat_template.jinja", "chat_template.json"],
  ...["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json"],
  ...["vocab.json", "merges.txt", "tokenizer.model"],
];

/** The licence, and what the model's authors say of it. */
const PAPERS = /^(?:README\.md|(?:LICEN[CS]E|NOTICE|USE_POLICY)(?:\.(?:txt|md))?)$/i;

export const WEIGHTS = "model.safetensors";
export const INDEX = "model.safetensors.index.json";
export const ADAPTER_CONFIG = "adapter_config.json";
const ADAPTER = "adapter_model.safetensors";

/** The largest tokenizer.json in use is about 35 MB. */
const MOST_TEXT_BYTES = 50_000_000;
/** Models of a trillion weights have some 200. */
const MOST_SHARDS = 1_000;

/** What kind of folder a model on a hub is. */
export type FolderKind = "single" | "sharded" | "adapter";

/** @throws RrrError `bad-model` where there are no weights that are read */
export function folderKind(id: string, names: ReadonlySet<string>): FolderKind {
  const isModel = names.has("config.json");
  if (isModel && names.has(WEIGHTS)) return "single";
  if (isModel && names.has(INDEX)) return "sharded";
  if (names.has(ADAPTER_CONFIG) && names.has(ADAPTER)) return "adapter";
  throw nothingToRead(id, [...names]);
}

/** The files of its texts. @param shards of weights, as the index names them */
export function chooseFiles(
  kind: FolderKind,
  names: ReadonlySet<string>,
  shards: readonly string[],
): readonly string[] {
  const weights =
    kind === "adapter" ? [ADAPTER_CONFIG, ADAPTER] : kind === "single" ? [WEIGHTS] : [INDEX, ...shards];
  const isWanted = (name: string): boolean => TEXTS.includes(name) || PAPERS.test(name);
  return [...[...names].filter(isWanted).sort(), ...weights];
}

/** Whether a pull could have brought a file of this name, which then is a part of what a folder means. */
export function isModelFile(name: string): boolean {
  return TEXTS.includes(name) || [WEIGHTS, INDEX, ADAPTER_CONFIG, ADAPTER].includes(name);
}

/** The files that an index names. @throws RrrError `bad-model` */
export function shardsOf(index: unknown, names: ReadonlySet<string>): readonly string[] {
  const map = (index as { readonly weight_map?: unknown } | null)?.weight_map;
  const shards = typeof map === "object" && map !== null ? [...new Set(Object.values(map))] : [];
  const wrong = shards.find(
    (name) => typeof name !== "string" || !name.endsWith(".safetensors") || !names.has(name),
  );
  if (shards.length > 0 && shards.length <= MOST_SHARDS && wrong === undefined)
    return (shards as string[]).sort();
  const why = wrong === undefined ? `it names ${shards.length} files` : "it names a file that is not there";
  throw new RrrError("bad-model", `${INDEX}: ${why}`, { hint: "Take another model, or another --revision." });
}

/** @throws RrrError `bad-model` for what could not be read later */
export function checkSize({ name, size }: HubFile): void {
  if (size <= MOST_TEXT_BYTES || name.endsWith(".safetensors")) return;
  throw new RrrError("bad-model", `${name} is too large: ${size} bytes`, { hint: "Take another model." });
}

/** What there is in place of weights, and what to do about it. */
const OTHERS: readonly (readonly [pattern: RegExp, what: string, hint: string])[] = [
  [
    /\.gguf$/i,
    "GGUF files, for llama.cpp",
    "Serve one (llama-server -m FILE) and name it as openai:NAME with --base-url; to train, pull the model that it was made from.",
  ],
  [
    /\.(bin|pt|pth|ckpt)$/i,
    "pickles, which can run code and are not read",
    "Take a model with safetensors; many owners have a revision with them (--revision refs/pr/…). In Python, from_pretrained(folder).save_pretrained(new_folder) writes them.",
  ],
  [/\.(h5|msgpack|npz)$/i, "a format that is not read", "Take a model with safetensors."],
  [
    /\.safetensors$/,
    "safetensors under names that no model.safetensors.index.json has",
    "Take a model in Hugging Face layout: model.safetensors, or its parts with an index.",
  ],
];

function nothingToRead(id: string, names: readonly string[]): RrrError {
  if (!names.includes("config.json") && names.some((name) => name === WEIGHTS || name === INDEX)) {
    return new RrrError("bad-model", `${id} has no config.json`, {
      hint: "Take a model in Hugging Face layout.",
    });
  }
  const [, what, hint] = OTHERS.find(([pattern]) => names.some((name) => pattern.test(name))) ?? [];
  return new RrrError("bad-model", `${id} has no ${WEIGHTS}${what === undefined ? "" : `; it has ${what}`}`, {
    hint: hint ?? "For a model as ONNX, `rrr eval --model transformers:ID` fetches it by itself.",
  });
}
