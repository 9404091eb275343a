import { type Dispatcher, request } from "undici";
import { parseJson } from "../remote/json-value.ts";
import { createDispatcher } from "./create-dispatcher.ts";

/** Where something is asked for beside completions, and who asks. */
export interface GetSettings {
  readonly apiKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** More than any list of models; what does not end must not fill the memory. */
const MAX_BYTES = 2 ** 23;

/** GETs JSON; undefined for a body that is none. @throws Error whose message says what came instead */
export async function getJson(url: string, { apiKey, headers, timeoutMs }: GetSettings): Promise<unknown> {
  const dispatcher = createDispatcher();
  try {
    const { statusCode, body } = await request(url, {
      headers: { ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }), ...headers },
      signal: AbortSignal.timeout(timeoutMs),
      dispatcher,
    });
    if (statusCode !== 200) throw new Error(`HTTP ${statusCode}`);
    return parseJson(await textOf(body));
  } finally {
    await dispatcher.destroy();
  }
}

async function textOf(body: Dispatcher.ResponseData["body"]): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > MAX_BYTES) throw new Error(`more than ${MAX_BYTES} bytes come, which is no list of models`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
