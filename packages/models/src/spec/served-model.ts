import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { type GetSettings, getJson } from "../openai/get-json.ts";
import { asRecord, type JsonRecord } from "../remote/json-value.ts";
import { modelEntries } from "./server-models.ts";

/** What a server tells about a model, and will tell again while it serves the same. */
export type ServedModel = Readonly<Record<string, unknown>>;

const TOLD = ["id", "root", "parent", "owned_by", "created", "meta"] as const;

/** Some servers say the time of the request for `created`: a second later they say something else. */
const TICK_MS = 1_100;

/** Of one field, as JSON; what is longer is known by its hash. */
const MAX_LENGTH = 1_000;

/**
 * Asks an OpenAI-compatible server what it serves under a name: its entry in `/models`, and llama.cpp's `/props`.
 * @returns undefined where it does not say
 */
export async function servedModel(
  baseURL: string,
  model: string,
  settings: GetSettings,
): Promise<ServedModel | undefined> {
  try {
    const entry = await entryOf(baseURL, model, settings);
    if (entry === undefined) return undefined;
    const told = new Map(TOLD.flatMap((name) => (entry[name] == null ? [] : [[name, short(entry[name])]])));
    if (told.has("created")) {
      await new Promise((resolve) => setTimeout(resolve, TICK_MS));
      const later = await entryOf(baseURL, model, settings);
      for (const [name, value] of told) {
        if (!isDeepStrictEqual(value, short(later?.[name]))) told.delete(name);
      }
    }
    return {
      ...Object.fromEntries(told),
      ...(entry.owned_by === "llamacpp" ? await propsOf(baseURL, settings) : {}),
    };
  } catch {
    // Not every server has such a list, and a run goes on without.
    return undefined;
  }
}

/** The entry of that name, or the only one: llama.cpp answers to any name. */
async function entryOf(
  baseURL: string,
  model: string,
  settings: GetSettings,
): Promise<JsonRecord | undefined> {
  const entries = modelEntries(await getJson(`${baseURL}/models`, settings));
  return entries.find(({ id }) => id === model) ?? (entries.length === 1 ? entries[0] : undefined);
}

/** @see https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md */
async function propsOf(baseURL: string, settings: GetSettings): Promise<ServedModel> {
  const props = await getJson(`${baseURL.replace(/\/v1$/, "")}/props`, settings).catch(() => undefined);
  const { model_path, build_info, chat_template } = asRecord(props) ?? {};
  const said = Object.entries({ model_path, build_info, chat_template });
  return Object.fromEntries(said.flatMap(([name, value]) => (value == null ? [] : [[name, short(value)]])));
}

function short(value: unknown): unknown {
  const text = JSON.stringify(value) ?? "";
  return text.length <= MAX_LENGTH
    ? value
    : `sha256:${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;
}
