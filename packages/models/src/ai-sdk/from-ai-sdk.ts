import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type Completion,
  deriveKey,
  type GenerateOptions,
  type Message,
  type Model,
  RrrError,
} from "@rrr/core";
import { createBackoff } from "../remote/backoff.ts";
import { createLimiter } from "../remote/limiter.ts";
import type { Outcome } from "../remote/outcome.ts";
import { type RemoteSettings, resolveRemoteSettings } from "../remote/settings.ts";
import { toCallOptions } from "./call-options.ts";
import { classifyThrown } from "./classify-thrown.ts";
import { withDeadline } from "./deadline.ts";
import type { AISDKLanguageModel } from "./language-model.ts";
import { readResult } from "./read-result.ts";

export type FromAISDKOptions = RemoteSettings;

/**
 * A language model of the AI SDK as a model of ours. What is not a whole answer, such as an empty one, one that a
 * filter cut, or an error, is asked for again, within bounds, and never taken for one.
 * @throws RrrError `bad-argument`; from `generate` `model-failed`, `context-overflow` or `aborted`
 * @example
 * const model = fromAISDK(createOpenAICompatible({ name: "local", baseURL })("qwen3-4b"));
 */
export function fromAISDK(model: AISDKLanguageModel, options: FromAISDKOptions = {}): Model {
  const { concurrency, maxAttempts, timeoutMs, ...waits } = resolveRemoteSettings(options);
  const name = `${model.provider}/${model.modelId}`;
  const limiter = createLimiter(concurrency);
  const backoff = createBackoff(waits);

  async function attempt(
    messages: readonly Message[],
    options: GenerateOptions,
    seed: number,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const slot = await limiter.acquire(signal);
    let overloaded = false;
    try {
      const outcome = await withDeadline(signal, timeoutMs, (own) =>
        model.doGenerate(toCallOptions(messages, options, seed, own)),
      ).then(readResult, (error: unknown) => {
        signal.throwIfAborted();
        return classifyThrown(error);
      });
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
    signal: AbortSignal,
  ): Promise<Completion> {
    for (let tries = 1; ; tries++) {
      const outcome = await attempt(messages, options, seed, signal);
      if (outcome.kind === "answer") return outcome.completion;
      if (outcome.kind === "refused") {
        const { code, problem, hint } = outcome;
        throw new RrrError(code, `${name}: ${problem}`, hint === undefined ? {} : { hint });
      }
      if (tries >= maxAttempts) {
        throw new RrrError("model-failed", `${name}: ${outcome.problem}, after ${tries} attempts`);
      }
      await sleep(backoff(tries, outcome.retryAfterMs), undefined, { signal });
    }
  }

  return {
    id: `ai-sdk:${name}`,
    async generate(messages, options) {
      const { n = 1, seed, signal } = options;
      const stop = new AbortController();
      const onAbort = (): void => stop.abort();
      // A run's requests all listen to one signal, and so do a request's samples; Node takes more than ten for a leak.
      setMaxListeners(0, stop.signal, ...(signal === undefined ? [] : [signal]));
      signal?.addEventListener("abort", onAbort);
      if (signal?.aborted === true) stop.abort();
      try {
        // Some servers refuse seeds that do not fit a signed 32-bit integer.
        const seeds = Array.from({ length: n }, (_, i) => deriveKey(seed, "sample", i) >>> 1);
        return await Promise.all(seeds.map((each) => ask(messages, options, each, stop.signal)));
      } catch (error) {
        // The other samples of a request that failed would be paid for in vain.
        stop.abort();
        if (signal?.aborted !== true) throw error;
        throw new RrrError("aborted", `${name}: the request was aborted`, { cause: signal.reason });
      } finally {
        signal?.removeEventListener("abort", onAbort);
      }
    },
  };
}
