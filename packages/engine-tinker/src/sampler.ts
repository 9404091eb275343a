import { deriveKey, RrrError } from "@rrr/core";
import type { WireSample } from "@rrr/tinker-protocol";
import { tokensToJson } from "@rrr/tinker-protocol";
import type { SampleOptions, TokenCompletion } from "@rrr/trainer";
import { aborted } from "./wire/connection.ts";
import { type Remote, sampleFrom } from "./wire/remote-model.ts";

/** Requests under way at once. */
const MOST_AT_ONCE = 256;

export interface Sampler {
  sample(path: string, prompt: Int32Array, options: SampleOptions): Promise<readonly TokenCompletion[]>;
}

/**
 * @param exactSeeds whether the server's seeds are the contract's. Others take 31 bits, and give sample i of a request
 *   what seed + i gives: there each completion is a request of its own, its seed a hash.
 */
export function createSampler(remote: Remote, stopIds: readonly number[], exactSeeds: boolean): Sampler {
  const take = createTickets(MOST_AT_ONCE);

  async function request(
    path: string,
    prompt: Int32Array,
    { n, maxTokens, temperature, seed, signal }: SampleOptions,
  ): Promise<readonly TokenCompletion[]> {
    const release = await take();
    try {
      if (signal?.aborted) throw aborted();
      const body = {
        type: "sample",
        num_samples: n,
        prompt: tokensToJson(prompt),
        sampling_params: { max_tokens: maxTokens, temperature, seed, stop: stopIds },
        model_path: path,
      };
      const { sequences } = await sampleFrom(remote, body, signal);
      if (sequences.length !== n) {
        throw new RrrError(
          "model-failed",
          `the server gives ${sequences.length} samples, where ${n} were asked for`,
        );
      }
      return sequences.map((sequence) => toCompletion(sequence, maxTokens, stopIds));
    } finally {
      release();
    }
  }

  return {
    async sample(path, prompt, options) {
      if (exactSeeds) return request(path, prompt, options);
      const single = (i: number): SampleOptions => ({
        ...options,
        n: 1,
        seed: deriveKey(options.seed, i) >>> 1,
      });
      const all = Array.from({ length: options.n }, (_, i) => request(path, prompt, single(i)));
      return (await Promise.all(all)).flat();
    },
  };
}

/** @throws RrrError `model-failed` for what is no sample as it was asked for */
function toCompletion(
  { tokens, logprobs, stopReason }: WireSample,
  maxTokens: number,
  stopIds: readonly number[],
): TokenCompletion {
  const isStopped = stopIds.includes(tokens.at(-1) as number);
  const wrong =
    tokens.length === 0 || tokens.length > maxTokens
      ? `${tokens.length} tokens, where ${maxTokens} were asked for`
      : logprobs.length !== tokens.length
        ? `${logprobs.length} log-probabilities for ${tokens.length} tokens`
        : stopReason === "stop" && !isStopped
          ? `it stopped at token ${tokens.at(-1)}, which is none of [${stopIds}]`
          : tokens.length > 1 && logprobs.every((logprob) => logprob === 0)
            ? "its log-probabilities are all 0, as some servers fill in what they do not have"
            : undefined;
  if (wrong !== undefined) throw new RrrError("model-failed", `the server's sample cannot be used: ${wrong}`);
  // Rounding may lift what is as good as certain above it.
  return {
    tokens,
    logprobs: logprobs.map((logprob) => Math.min(logprob, 0)),
    finish: isStopped ? "stop" : "length",
  };
}

/** Lets so many through at once. @returns a function that resolves to what gives the place free again */
function createTickets(most: number): () => Promise<() => void> {
  let free = most;
  const waiting: (() => void)[] = [];
  const release = (): void => {
    const next = waiting.shift();
    if (next === undefined) free++;
    else next();
  };
  return async () => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    return release;
  };
}
