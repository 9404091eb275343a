import { messageOf, RrrError } from "@rrr/core";
import { getJson } from "../openai/get-json.ts";
import { OPENAI_URL, resolveSettings } from "../openai/settings.ts";
import { asRecord, type JsonRecord } from "../remote/json-value.ts";
import { quote } from "../remote/quote.ts";
import { createRedactor } from "../remote/redact.ts";

export interface ServerModelsOptions {
  /** Default: OPENAI_BASE_URL of the environment, else OpenAI's own. */
  readonly baseURL?: string;
  /** Default: OPENAI_API_KEY of the environment. */
  readonly apiKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default 10 s. */
  readonly timeoutMs?: number;
}

/**
 * Asks an OpenAI-compatible server which models it has.
 * @returns their names in alphabetical order
 * @throws RrrError `model-failed` if it does not answer, or not in that form; `bad-argument`
 * @see https://platform.openai.com/docs/api-reference/models/list
 */
export async function listServerModels(options: ServerModelsOptions = {}): Promise<readonly string[]> {
  const { timeoutMs = 10_000, ...server } = options;
  const { baseURL, apiKey, headers } = resolveSettings({ model: "any", ...server });
  const redact = createRedactor([...(apiKey === undefined ? [] : [apiKey]), ...Object.values(headers)]);
  try {
    const key = apiKey === undefined ? {} : { apiKey };
    return modelEntries(await getJson(`${baseURL}/models`, { ...key, headers, timeoutMs }))
      .map(({ id }) => quote(redact(id)))
      .sort();
  } catch (error) {
    // Where a name has several addresses and none answers, the error has a code only.
    const reason = redact(messageOf(error) || String((error as NodeJS.ErrnoException).code));
    throw new RrrError("model-failed", `${baseURL} does not list its models: ${reason}`, {
      hint: `Is the server running, and is this its base URL? It ends in the version, as in ${OPENAI_URL}.`,
    });
  }
}

/** The entries of a list of models. @throws Error for what is no such list */
export function modelEntries(body: unknown): readonly (JsonRecord & { readonly id: string })[] {
  const data = asRecord(body)?.data;
  const entries = Array.isArray(data) ? data.map(asRecord) : [undefined];
  if (entries.every((entry) => typeof entry?.id === "string")) {
    return entries as (JsonRecord & { readonly id: string })[];
  }
  throw new Error("the answer is no list of models");
}
