import { request } from "undici";
import { asRecord, type JsonRecord, parseJson } from "../remote/json-value.ts";
import { createDispatcher } from "./create-dispatcher.ts";
import { OPENAI_URL, type ResolvedSettings } from "./settings.ts";

/** What servers call it in their list of models: vLLM and SGLang, OpenRouter, Groq, LM Studio. */
const NAMES = ["max_model_len", "context_length", "context_window", "loaded_context_length"];
const TIMEOUT_MS = 3_000;

type Server = Pick<ResolvedSettings, "model" | "baseURL" | "apiKey">;

/**
 * The longest conversation that a model takes, in tokens, as its server tells it: `/models` of most, `/props` of
 * llama.cpp. Undefined where it does not, or not soon: there is no more to it than a better default.
 */
export async function contextWindow(server: Server): Promise<number | undefined> {
  if (server.baseURL === OPENAI_URL) return undefined;
  const root = server.baseURL.replace(/\/v\d+$/, "");
  const [models, props] = await Promise.all([
    ask(server, `${server.baseURL}/models`),
    ask(server, `${root}/props`),
  ]);
  const settings = asRecord(props?.default_generation_settings);
  const entry = entryOf(models, server.model);
  const told = [settings?.n_ctx, ...NAMES.map((name) => entry?.[name])];
  return told.find((length): length is number => Number.isSafeInteger(length) && (length as number) > 0);
}

/** The model's own entry; of a server with one model, that. */
function entryOf(models: JsonRecord | undefined, model: string): JsonRecord | undefined {
  const entries = Array.isArray(models?.data) ? models.data.map(asRecord) : [];
  return entries.find((entry) => entry?.id === model) ?? (entries.length === 1 ? entries[0] : undefined);
}

async function ask({ apiKey }: Server, url: string): Promise<JsonRecord | undefined> {
  const dispatcher = createDispatcher();
  try {
    const { statusCode, body } = await request(url, {
      headers: apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      dispatcher,
    });
    return statusCode === 200 ? asRecord(parseJson(await body.text())) : undefined;
  } catch {
    return undefined;
  } finally {
    await dispatcher.destroy();
  }
}
