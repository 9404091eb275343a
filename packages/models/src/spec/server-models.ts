import { messageOf, RrrError } from "@rrr/core";
import { request } from "undici";
import { createDispatcher } from "../openai/create-dispatcher.ts";
import { OPENAI_URL, resolveSettings } from "../openai/settings.ts";
import { asRecord, parseJson } from "../remote/json-value.ts";
import { createRedactor } from "../remote/redact.ts";

export interface ServerModelsOptions {
  /** Default: OpenAI's own. */
  readonly baseURL?: string;
  /** Default: OPENAI_API_KEY of the environment. */
  readonly apiKey?: string;
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
  const { baseURL, apiKey } = resolveSettings({ model: "any", ...server });
  const redact = createRedactor(apiKey === undefined ? [] : [apiKey]);
  const dispatcher = createDispatcher();
  try {
    const { statusCode, body } = await request(`${baseURL}/models`, {
      headers: apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` },
      signal: AbortSignal.timeout(timeoutMs),
      dispatcher,
    });
    if (statusCode !== 200) throw new Error(`HTTP ${statusCode}`);
    return namesIn(await textOf(body));
  } catch (error) {
    // Where a name has several addresses and none answers, the error has a code only.
    const reason = redact(messageOf(error) || String((error as NodeJS.ErrnoException).code));
    throw new RrrError("model-failed", `${baseURL} does not list its models: ${reason}`, {
      hint: `Is the server running, and is this its base URL? It ends in the version, as in ${OPENAI_URL}.`,
    });
  } finally {
    await dispatcher.destroy();
  }
}

/** As much as any list of models has. */
const MOST_BYTES = 2 ** 24;

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > MOST_BYTES) throw new Error("what comes is no list of models, or has no end");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function namesIn(body: string): readonly string[] {
  const data = asRecord(parseJson(body))?.data;
  const names = Array.isArray(data) ? data.map((entry) => asRecord(entry)?.id) : [undefined];
  if (names.every((name) => typeof name === "string")) return names.sort();
  throw new Error("the answer is no list of models");
}
