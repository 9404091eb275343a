import type { Dispatcher } from "undici";
import type { Attempt, Question } from "../remote/ask.ts";
import { classifyError } from "../remote/classify-error.ts";
import { asRecord, parseJson } from "../remote/json-value.ts";
import { type Answer, type Broken, broken, type Outcome, refused } from "../remote/outcome.ts";
import { createPatience } from "../remote/patience.ts";
import { textOfPrompt } from "../remote/prompt-text.ts";
import { quotePage } from "../remote/quote.ts";
import type { Redact } from "../remote/redact.ts";
import { delayInHeaders } from "../remote/retry-after.ts";
import { errorOf, readServerError } from "../remote/server-error.ts";
import type { StopSignal } from "../remote/stop.ts";
import { wireTools } from "../remote/wire-tools.ts";
import { exchange, type Lost, NO_TEXT, type Reply, TOO_LONG } from "./exchange.ts";
import { type Asked, readCompletion, usageIn } from "./read-completion.ts";
import { readStream } from "./read-stream.ts";
import { leaveOutHint } from "./refused-field.ts";
import { toRequestBody } from "./request-body.ts";
import type { ResolvedSettings } from "./settings.ts";
import { isTls, unreachableHint } from "./unreachable.ts";

/** What takes secrets out of what a server says, and out of the answers of its model. */
interface Redactors {
  readonly redact: Redact;
  readonly redactAnswer: Redact;
}

/** One request for a completion, and what it came to. */
export function createAttempt(
  settings: ResolvedSettings,
  dispatcher: Dispatcher,
  { redact, redactAnswer }: Redactors,
): Attempt {
  const { baseURL, apiKey, headers, timeoutMs, stallTimeoutMs, concurrency } = settings;
  const { origin, pathname: path } = new URL(`${baseURL}/chat/completions`);
  const sent = {
    "content-type": "application/json",
    ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
    ...headers,
  };
  const patience = createPatience(timeoutMs, concurrency);
  let { maxTokensField } = settings;
  let reached = false;

  async function send(body: string, question: Question, signal: StopSignal): Promise<Outcome> {
    const post = { origin, path, headers: sent, body };
    const bounds = { timeoutMs, stallTimeoutMs, mostBytes: mostBytesOf(question) };
    const response = await exchange(dispatcher, post, bounds, patience.begin(), signal);
    if (response.kind === "lost") return classifyLost(response, reached);
    reached = true;
    return readReply(response, askedOf(question, settings), redact);
  }

  return async (question, signal) => {
    const field = maxTokensField;
    const { tools } = wireTools(question.messages);
    let outcome = await send(toRequestBody(question, settings, field, tools), question, signal);
    const isRefused = outcome.kind === "refused" && outcome.problem.includes("max_completion_tokens");
    // OpenAI's newer models know only the newer name: the same limit, so that it can be said either way.
    if (isRefused && field === "max_tokens") {
      maxTokensField = "max_completion_tokens";
      outcome = await send(toRequestBody(question, settings, maxTokensField, tools), question, signal);
    }
    if (outcome.kind !== "answer") return withHint({ ...outcome, problem: redact(outcome.problem) });
    const { text, reasoning, ...rest } = outcome.completion;
    return {
      kind: "answer",
      completion: {
        ...rest,
        text: redactAnswer(text),
        ...(reasoning === undefined ? {} : { reasoning: redactAnswer(reasoning) }),
      },
    };
  };
}

function withHint(outcome: Exclude<Outcome, Answer>): Outcome {
  if (outcome.kind !== "refused" || outcome.code !== "model-failed" || outcome.hint !== undefined)
    return outcome;
  const hint = leaveOutHint(outcome.problem);
  return hint === undefined ? outcome : { ...outcome, hint };
}

/** An answer with all that servers add to each token, such as its alternatives, and a stream's wrapping of it. */
function mostBytesOf({ maxTokens }: Question): number {
  return Math.min(2 ** 27, 2 ** 22 + maxTokens * 2 ** 12);
}

/** What an answer's counts are judged by; a limit that the user's own fields set is not known. */
function askedOf({ messages, maxTokens }: Question, { body }: ResolvedSettings): Asked {
  const { nameOf } = wireTools(messages);
  const isOurs = !["max_tokens", "max_completion_tokens"].some((field) => field in body);
  return { prompt: textOfPrompt(messages), maxTokens: isOurs ? maxTokens : undefined, nameOf };
}

function readReply({ status, headers, text }: Reply, asked: Asked, redact: Redact): Outcome {
  const headerMs = delayInHeaders(headers, Date.now());
  if (status !== 200) return classifyError(status, readServerError(text, redact), headerMs);
  // Some gateways stream under any type.
  const streamed = /^text\/event-stream/i.test(headers["content-type"] ?? "") || /^\s*data:/.test(text);
  const body = streamed ? readStream(text) : parseJson(text);
  if (body === undefined) {
    const what = streamed ? "a stream that was cut" : `a body that is no JSON: ${quotePage(text, redact)}`;
    return {
      ...unreadable(`HTTP 200 and ${what}`),
      ...(!streamed && isPage(text) ? { hint: WEB_PAGE } : {}),
    };
  }
  const error = errorOf(body, redact);
  // Gateways that have begun to answer can say only here what went wrong.
  if (error !== undefined) {
    const outcome = classifyError(error.status ?? 500, error, headerMs);
    if (outcome.kind !== "broken" && outcome.kind !== "refused") return outcome;
    const usage = usageIn(asRecord(body)?.usage, { ...asked, answer: "" });
    return { ...outcome, rejected: { usage, readable: true } };
  }
  const outcome = readCompletion(body, asked, redact);
  return outcome.kind === "answer" ? outcome : { ...outcome, problem: `HTTP 200 and ${outcome.problem}` };
}

function unreadable(problem: string): Broken {
  return { ...broken(problem), rejected: { usage: undefined, readable: false } };
}

function isPage(text: string): boolean {
  return /^\s*<(!doctype html|html|head|body)\b/i.test(text);
}

const WEB_PAGE =
  "That is a web page and no answer of a model's server: check the base URL, and a proxy (HTTPS_PROXY) or a login page in between.";

/** `reached`: whether this server ever answered. Where it did not, its address is wrong more likely than it is down. */
function classifyLost({ problem, code = "", isBusy }: Lost, reached: boolean): Outcome {
  if (code === "UND_ERR_INVALID_ARG") return refused("bad-argument", problem);
  if (code === TOO_LONG || code === "UND_ERR_HEADERS_OVERFLOW") {
    return refused("model-failed", problem, "No answer is that long. Is this the server of a model?");
  }
  if (code === NO_TEXT) return unreadable(problem);
  const hint = unreachableHint(code);
  const isFinal = hint !== undefined && (!reached || isTls(code));
  if (isFinal) return refused("model-failed", problem, hint, "server");
  return isBusy ? { kind: "overloaded", isLimit: false, problem } : broken(problem);
}
