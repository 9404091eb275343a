import { setMaxListeners } from "node:events";
import {
  type Completion,
  deriveKey,
  type GenerateOptions,
  type Message,
  type Model,
  RrrError,
  type RrrErrorCode,
} from "@rrr/core";
import type { ModelIdentity } from "../cache/model-identity.ts";
import { createBackoff } from "../remote/backoff.ts";
import { createLimiter } from "../remote/limiter.ts";
import type { Outcome } from "../remote/outcome.ts";
import { createRedactor } from "../remote/quote.ts";
import { Stop, type StopSignal, wait } from "../remote/stop.ts";
import { createAttempt } from "./attempt.ts";
import { createDispatcher } from "./create-dispatcher.ts";
import { toRequestBody } from "./request-body.ts";
import { OPENAI_URL, type OpenAIModelSettings, resolveSettings } from "./settings.ts";

export interface OpenAIModel extends Model {
  /** What its answers depend on besides the request. */
  readonly identity: ModelIdentity;
  /** Ends its connections; requests under way fail as `aborted`. */
  close(): Promise<void>;
}

/**
 * A model behind an OpenAI-compatible server (chat completions). Each completion is one request with a seed of its own.
 * Whatever is not a whole, well-formed answer is asked for again, within bounds, and never taken for one.
 * @throws RrrError `bad-argument`; from `generate` `model-failed`, `context-overflow`, `bad-argument` or `aborted`
 * @example
 * const model = createOpenAIModel({ model: "qwen3-4b", baseURL: "http://127.0.0.1:8080/v1" });
 * const [completion] = await model.generate([{ role: "user", content: "2 + 2?" }], {
 *   maxTokens: 64, temperature: 0, seed: 1,
 * });
 */
export function createOpenAIModel(given: OpenAIModelSettings): OpenAIModel {
  const settings = resolveSettings(given);
  const { model, baseURL, apiKey, headers, maxAttempts, timeoutMs, stallTimeoutMs } = settings;
  const { origin, pathname } = new URL(`${baseURL}/chat/completions`);
  const dispatcher = createDispatcher();
  const limiter = createLimiter(settings.concurrency);
  const backoff = createBackoff(settings);
  const redact = createRedactor([...(apiKey === undefined ? [] : [apiKey]), ...Object.values(headers)]);
  const attempt = createAttempt(dispatcher, redact);
  const underWay = new Set<Stop>();
  let closed = false;
  const sent = {
    "content-type": "application/json",
    ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
    ...headers,
  };
  let { maxTokensField } = settings;

  async function attemptInSlot(body: string, signal: StopSignal): Promise<Outcome> {
    const slot = await limiter.acquire(signal);
    let overloaded = false;
    try {
      const post = { origin, path: pathname, headers: sent, body };
      const outcome = await attempt(post, { timeoutMs, stallTimeoutMs, signal });
      overloaded = outcome.kind === "overloaded";
      return outcome;
    } finally {
      slot.release(overloaded);
    }
  }

  async function ask(
    messages: readonly Message[],
    options: GenerateOptions,
    seed: number,
    signal: StopSignal,
  ): Promise<Completion> {
    for (let tries = 1; ; tries++) {
      const field = maxTokensField;
      const outcome = await attemptInSlot(toRequestBody(messages, options, seed, settings, field), signal);
      if (outcome.kind === "answer") return outcome.completion;
      if (outcome.kind === "refused") {
        // OpenAI's newer models know only the newer name: the same limit, so that it can be said either way.
        if (field === "max_tokens" && outcome.problem.includes("max_completion_tokens")) {
          maxTokensField = "max_completion_tokens";
          continue;
        }
        throw failure(outcome.code, outcome.problem, outcome.hint);
      }
      if (tries >= maxAttempts) {
        const hint = "Resume later, or allow more attempts or fewer requests at once.";
        throw failure("model-failed", `${outcome.problem}, after ${tries} attempts`, hint);
      }
      await wait(backoff(tries, outcome.retryAfterMs), signal);
    }
  }

  // Without a cause: it may hold what the server sent, and with it the key.
  function failure(code: RrrErrorCode, problem: string, hint: string | undefined): RrrError {
    const message = redact(`${model} at ${baseURL}: ${problem}`);
    return new RrrError(code, message, hint === undefined ? {} : { hint });
  }

  return {
    id: baseURL === OPENAI_URL ? `openai:${model}` : `openai:${model}@${baseURL}`,
    identity: { model, source: baseURL, settings: settings.body },
    async generate(messages, options) {
      const { n = 1, seed, signal } = options;
      const stop = new Stop();
      const onAbort = (): void => stop.abort();
      const isAborted = (): boolean => closed || signal?.aborted === true;
      // As many listeners as there are waiters is no leak.
      if (signal !== undefined) setMaxListeners(0, signal);
      signal?.addEventListener("abort", onAbort);
      underWay.add(stop);
      if (isAborted()) stop.abort();
      try {
        const samples = Array.from({ length: n }, (_, i) =>
          // Some servers refuse seeds that do not fit a signed 32-bit integer.
          ask(messages, options, deriveKey(seed, "sample", i) >>> 1, stop),
        );
        return await Promise.all(samples);
      } catch (error) {
        // The other samples of a request that failed would be paid for in vain.
        stop.abort();
        if (!isAborted()) throw error;
        const what = closed ? "is closed" : "was aborted";
        throw new RrrError("aborted", `${model} at ${baseURL} ${what}`, { cause: signal?.reason });
      } finally {
        signal?.removeEventListener("abort", onAbort);
        underWay.delete(stop);
      }
    },
    async close() {
      closed = true;
      for (const each of underWay) each.abort();
      await dispatcher.destroy();
    },
  };
}
