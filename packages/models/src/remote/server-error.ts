import { asRecord, parseJson } from "./json-value.ts";
import { quote, quotePage, type Redact } from "./quote.ts";

/** What an error body says, in the forms that servers have for it. */
export interface ServerError {
  readonly message: string;
  /** `error.code`, such as `context_length_exceeded`, or `error.type` where there is none. */
  readonly code?: string;
  /** `error.code` where it is a status of HTTP, as some gateways have it. */
  readonly status?: number;
}

/**
 * Never fails: what is no JSON is quoted, without tags. Secrets are taken out before a text is cut short, since half a
 * key is one too.
 */
export function readServerError(body: string, redact?: Redact): ServerError {
  return errorOf(parseJson(body), redact) ?? { message: quotePage(body, redact) };
}

/** The error within a body that came as an answer; undefined where it has none. */
export function errorOf(json: unknown, redact: Redact = (text) => text): ServerError | undefined {
  const body = asRecord(json);
  // `detail` and `message` at the top are those of FastAPI and of older servers.
  const error = body?.error ?? body?.detail ?? (body?.object === "error" ? body.message : undefined);
  if (error === undefined || error === null) return undefined;
  const { message, code, type } = asRecord(error) ?? {};
  const name = [code, type].find((each) => typeof each === "string");
  const said = [message, error].find((each) => typeof each === "string") ?? JSON.stringify(error);
  return {
    message: quote(redact(said)),
    ...(typeof name === "string" ? { code: name } : {}),
    ...(typeof code === "number" && code >= 400 && code < 600 ? { status: code } : {}),
  };
}
