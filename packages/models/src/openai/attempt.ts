import type { Dispatcher } from "undici";
import type { Attempt } from "../remote/ask.ts";
import { parseRetryAfter } from "../remote/backoff.ts";
import { classifyError } from "../remote/classify-error.ts";
import { parseJson } from "../remote/json-value.ts";
import { broken, type Outcome, refused } from "../remote/outcome.ts";
import { quotePage, type Redact } from "../remote/quote.ts";
import { errorOf, readServerError } from "../remote/server-error.ts";
import type { StopSignal } from "../remote/stop.ts";
import { exchange, type Lost, type Reply } from "./exchange.ts";
import { readCompletion } from "./read-completion.ts";
import { readStream } from "./read-stream.ts";
import { toRequestBody } from "./request-body.ts";
import type { ResolvedSettings } from "./settings.ts";
import { isTls, unreachableHint } from "./unreachable.ts";

/** One request for a completion, and what it came to. */
export function createAttempt(settings: ResolvedSettings, dispatcher: Dispatcher, redact: Redact): Attempt {
  const { baseURL, apiKey, headers } = settings;
  const { origin, pathname: path } = new URL(`${baseURL}/chat/completions`);
  const sent = {
    "content-type": "application/json",
    ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
    ...headers,
  };
  let { maxTokensField } = settings;
  let reached = false;

  async function send(body: string, signal: StopSignal): Promise<Outcome> {
    const response = await exchange(dispatcher, { origin, path, headers: sent, body }, settings, signal);
    if (response.kind === "lost") return classifyLost(response, reached);
    reached = true;
    return readReply(response, redact);
  }

  return async (question, signal) => {
    const field = maxTokensField;
    let outcome = await send(toRequestBody(question, settings, field), signal);
    const isRefused = outcome.kind === "refused" && outcome.problem.includes("max_completion_tokens");
    // OpenAI's newer models know only the newer name: the same limit, so that it can be said either way.
    if (isRefused && field === "max_tokens") {
      maxTokensField = "max_completion_tokens";
      outcome = await send(toRequestBody(question, settings, maxTokensField), signal);
    }
    return outcome.kind === "answer" ? outcome : { ...outcome, problem: redact(outcome.problem) };
  };
}

function readReply({ status, headers, text }: Reply, redact: Redact): Outcome {
  const retryAfterMs = parseRetryAfter(headers["retry-after"], Date.now());
  if (status !== 200) return classifyError(status, readServerError(text, redact), retryAfterMs);
  const streamed = headers["content-type"]?.startsWith("text/event-stream") === true;
  const body = streamed ? readStream(text) : parseJson(text);
  if (body === undefined) {
    const what = streamed ? "a stream that was cut" : `a body that is no JSON: ${quotePage(text, redact)}`;
    return { ...broken(`HTTP 200 and ${what}`), ...(!streamed && isPage(text) ? { hint: WEB_PAGE } : {}) };
  }
  const error = errorOf(body, redact);
  // Gateways that have begun to answer can say only here what went wrong.
  if (error !== undefined) return classifyError(error.status ?? 500, error, retryAfterMs);
  const outcome = readCompletion(body, redact);
  return outcome.kind === "broken" ? { ...outcome, problem: `HTTP 200 and ${outcome.problem}` } : outcome;
}

function isPage(text: string): boolean {
  return /^\s*<(!doctype html|html|head|body)\b/i.test(text);
}

const WEB_PAGE =
  "That is a web page and no answer of a model's server: check the base URL, and a proxy (HTTPS_PROXY) or a login page in between.";

/** `reached`: whether this server ever answered. Where it did not, its address is wrong more likely than it is down. */
function classifyLost({ problem, code = "" }: Lost, reached: boolean): Outcome {
  if (code === "UND_ERR_INVALID_ARG") return refused("bad-argument", problem);
  const hint = unreachableHint(code);
  const isFinal = hint !== undefined && (!reached || isTls(code));
  return isFinal ? refused("model-failed", problem, hint, "server") : broken(problem);
}
