import type { Dispatcher } from "undici";
import { parseRetryAfter } from "../remote/backoff.ts";
import { classifyError } from "../remote/classify-error.ts";
import { parseJson } from "../remote/json-value.ts";
import type { Outcome } from "../remote/outcome.ts";
import { quotePage, type Redact } from "../remote/quote.ts";
import { errorOf, readServerError } from "../remote/server-error.ts";
import { type ExchangeSettings, exchange, type Lost, type Post, type Reply } from "./exchange.ts";
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

/** Certificates, and TLS spoken to a server that knows none: waiting mends neither. */
const TLS = /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_SSL_|EPROTO$)/;

/** `reached`: whether this server ever answered. Where it did not, its address is wrong more likely than it is down. */
function classifyLost({ problem, code = "" }: Lost, reached: boolean): Outcome {
  if (code === "UND_ERR_INVALID_ARG") return { kind: "refused", code: "bad-argument", problem };
  if (TLS.test(code)) {
    return {
      kind: "refused",
      code: "model-failed",
      problem,
      hint: "Check http or https in the base URL; NODE_EXTRA_CA_CERTS names a certificate of one's own.",
    };
  }
  if (!reached && (code === "ECONNREFUSED" || code === "ENOTFOUND")) {
    return {
      kind: "refused",
      code: "model-failed",
      problem,
      hint: "Is the server running, and is the base URL right?",
    };
  }
  return { kind: "broken", problem };
}
