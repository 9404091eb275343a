import { asRecord, parseJson } from "./json-value.ts";
import { quote, quotePage } from "./quote.ts";
import type { Redact } from "./redact.ts";
import { delayInError } from "./retry-delay.ts";

/** What an error body says, in the forms that servers have for it. */
export interface ServerError {
  readonly message: string;
  /** `error.code`, such as `context_length_exceeded`, or `error.type` where there is none. */
  readonly code?: string;
  /** `error.code` where it is a status of HTTP, as some gateways have it. */
  readonly status?: number;
  /** What it asks to wait. */
  readonly retryAfterMs?: number;
}

/**
 * Never fails: what is no JSON is quoted, without tags. Secrets are taken out before a text is cut short, since half a
 * key is one too.
 */
export function readServerError(body: string, redact?: Redact): ServerError {
  const error = errorOf(parseJson(body), redact);
  if (error !== undefined) return error;
  const retryAfterMs = delayInError(undefined, body);
  return { message: quotePage(body, redact), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

/** The error within a body that came as an answer; undefined where it has none. */
export function errorOf(json: unknown, redact: Redact = (text) => text): ServerError | undefined {
  // Gemini has a list with the one error in it, and OpenRouter one within the choice.
  const body = asRecord(Array.isArray(json) ? json[0] : json);
  const choice = asRecord(Array.isArray(body?.choices) ? body.choices[0] : undefined);
  // `detail` and `message` at the top are those of FastAPI and of older servers.
  const error =
    body?.error ?? body?.detail ?? (body?.object === "error" ? body.message : undefined) ?? choice?.error;
  if (isNothing(error)) return undefined;
  const { message, code, type, status } = asRecord(error) ?? {};
  const name = [code, type, status].find((each) => typeof each === "string" && !isStatus(Number(each)));
  const said = [message, error].find((each) => typeof each === "string") ?? JSON.stringify(error);
  const retryAfterMs = delayInError(error, said);
  return {
    message: quote(said, redact),
    ...(typeof name === "string" ? { code: name } : {}),
    ...(isStatus(Number(code)) ? { status: Number(code) } : {}),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** Some gateways have an empty error in every answer. */
function isNothing(error: unknown): boolean {
  const fields = asRecord(error);
  return fields === undefined ? !error : Object.values(fields).every((value) => !value);
}

function isStatus(code: number): boolean {
  return Number.isInteger(code) && code >= 400 && code < 600;
}
