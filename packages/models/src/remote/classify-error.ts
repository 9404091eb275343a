import { type Outcome, type Refused, refused } from "./outcome.ts";
import type { ServerError } from "./server-error.ts";

/** Statuses below 500 after which the same request may succeed. */
const PASSING = new Set([408, 409, 425, 429]);

/** 529 is what some servers have for 503. */
const OVERLOADED = new Set([429, 503, 529]);

/**
 * How OpenAI, llama.cpp, vLLM, SGLang, text-generation-inference and Anthropic's gateway say that a prompt is too long.
 */
const TOO_LONG =
  /context[ _-]?(length|window|size)|maximum context|prompt is too long|exceeds? the (available|model)|longer than the model|`?inputs`? tokens/i;

/** What an error of the server means: asked again, asked less often, or final. */
export function classifyError(status: number, error: ServerError, headerMs: number | undefined): Outcome {
  const problem = `HTTP ${status}${error.message === "" ? "" : `: ${error.message}`}`;
  if (error.code === "insufficient_quota") {
    return refused("model-failed", problem, "The account has no credit left.", "account");
  }
  const waits = [headerMs, error.retryAfterMs].filter((ms) => ms !== undefined);
  const retryAfterMs = waits.length === 0 ? undefined : Math.max(...waits);
  // Context first: llama.cpp and others have 500 for it.
  if ((status >= 500 || [400, 413, 422].includes(status)) && isTooLong(error)) {
    const hint = "Start the server with a larger context window, or ask for fewer tokens.";
    return refused("context-overflow", problem, hint);
  }
  if (status >= 500 && isAboutRequest(status, error)) return refused("model-failed", problem);
  // A success other than 200 is no answer, and no refusal either.
  if (status >= 500 || status < 300 || PASSING.has(status)) {
    const what = { problem, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
    if (!OVERLOADED.has(status)) return { kind: "broken", ...what };
    return { kind: "overloaded", isLimit: status === 429, ...what };
  }
  return refused("model-failed", problem, HINTS[status], scopeOf(status, error));
}

/** Gateways have 403 for a prompt that a filter did not like, too. */
function scopeOf(status: number, { message }: ServerError): Refused["scope"] {
  if (status === 401) return "account";
  const isOfServer = status < 400 || [404, 405].includes(status);
  return isOfServer || (status === 403 && !/moderat|flagged|filter/i.test(message)) ? "server" : undefined;
}

function isTooLong({ code = "", message }: ServerError): boolean {
  return /context_length|exceed_context/.test(code) || TOO_LONG.test(message);
}

/** Codes and words of errors that come as the server's fault, with 5xx or within an answer, and are the request's. */
const ABOUT_REQUEST =
  /invalid_request|invalid_argument|not_supported|unsupported|permission|authentication|not_found/i;
const OF_TEMPLATE =
  /\bjinja\b|chat template|conversation roles must alternate|does not support|not supported/i;

function isAboutRequest(status: number, { code = "", message }: ServerError): boolean {
  return status === 501 || ABOUT_REQUEST.test(code) || OF_TEMPLATE.test(message);
}

const REDIRECTED = "Name the address that it redirects to: a key is never sent on.";

const HINTS: Readonly<Record<number, string>> = {
  301: REDIRECTED,
  302: REDIRECTED,
  307: REDIRECTED,
  308: REDIRECTED,
  401: "Give a key of this server, by default in OPENAI_API_KEY.",
  403: "The key may not use this model.",
  404: "Check the model's name, and the base URL, which most servers want with /v1 at its end.",
  405: "Check the base URL, which most servers want with /v1 at its end.",
};
