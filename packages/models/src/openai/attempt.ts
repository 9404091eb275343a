import type { Dispatcher } from "undici";
import { classifyError } from "../remote/classify-error.ts";
import { parseJson } from "../remote/json-value.ts";
import type { Outcome } from "../remote/outcome.ts";
import type { Redact } from "../remote/redact.ts";
import { parseRetryAfter } from "../remote/retry-after.ts";
import { errorOf, quotePage, readServerError } from "../remote/server-error.ts";
import { classifyLost } from "./classify-lost.ts";
import { type ExchangeSettings, exchange, type Post, type Reply } from "./exchange.ts";
import { readCompletion } from "./read-completion.ts";
import { readStream } from "./read-stream.ts";

/** One request and what it came to; never rejects but by the signal. */
export type Attempt = (post: Post, settings: ExchangeSettings) => Promise<Outcome>;

export function createAttempt(dispatcher: Dispatcher, redact: Redact): Attempt {
  let reached = false;
  return async (post, settings) => {
    const response = await exchange(dispatcher, post, settings);
    if (response.kind === "lost") return classifyLost(response, reached);
    reached = true;
    return readReply(response, redact);
  };
}

function readReply({ status, headers, text }: Reply, redact: Redact): Outcome {
  const retryAfterMs = parseRetryAfter(headers["retry-after"], Date.now());
  if (status !== 200) return classifyError(status, readServerError(text, redact), retryAfterMs);
  const streamed = headers["content-type"]?.startsWith("text/event-stream") === true;
  const body = streamed ? readStream(text) : parseJson(text);
  if (body === undefined) {
    const what = streamed ? "a stream that was cut" : `a body that is no JSON: ${quotePage(text, redact)}`;
    return { kind: "broken", problem: `HTTP 200 and ${what}` };
  }
  const error = errorOf(body, redact);
  // Gateways that have begun to answer can say only here what went wrong.
  if (error !== undefined) return classifyError(error.status ?? 500, error, retryAfterMs);
  const outcome = readCompletion(body);
  return outcome.kind === "broken" ? { ...outcome, problem: `HTTP 200 and ${outcome.problem}` } : outcome;
}
