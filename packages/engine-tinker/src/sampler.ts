import { deriveKey, RrrError } from "@rrr/core";
import type { WireSample } from "@rrr/tinker-protocol";
import { tokensToJson } from "@rrr/tinker-protocol";
import type { SampleOptions, TokenCompletion, Tokenizer } from "@rrr/trainer";
import type { Bounds } from "./check-data.ts";
import { MOST_LOGPROB } from "./scores.ts";
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
export function createSampler(
  remote: Remote,
  { stopIds }: Pick<Tokenizer, "stopIds">,
  { vocabSize }: Pick<Bounds, "vocabSize">,
  exactSeeds: boolean,
): Sampler {
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
      return sequences.map((sequence) => toCompletion(sequence, maxTokens, stopIds, vocabSize));
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

/** @throws RrrError `model-failed` for what is no sample as it was asked for; `diverged` for one whose log-probabilities are no numbers */
function toCompletion(
  sequence: WireSample,
  maxTokens: number,
  stopIds: readonly number[],
  vocabSize: number,
): TokenCompletion {
  const wrong = wrongIn(sequence, maxTokens, stopIds, vocabSize);
  if (wrong !== undefined) throw new RrrError("model-failed", `the server's sample cannot be used: ${wrong}`);
  const { tokens, logprobs } = sequence;
  const broken = logprobs.find((logprob) => !Number.isFinite(logprob));
  if (broken !== undefined)
    throw new RrrError("diverged", `the log-probability of a sampled token is ${broken}`);
  return {
    tokens,
    logprobs: logprobs.map((logprob) => Math.min(logprob, 0)),
    finish: stopIds.includes(tokens.at(-1) as number) ? "stop" : "length",
  };
}

function wrongIn(
  { tokens, logprobs, stopReason }: WireSample,
  maxTokens: number,
  stopIds: readonly number[],
  vocabSize: number,
): string | undefined {
  if (tokens.length === 0 || tokens.length > maxTokens)
    return `${tokens.length} tokens, where ${maxTokens} were asked for`;
  const stranger = tokens.find((token) => token < 0 || token >= vocabSize);
  if (stranger !== undefined) return `token ${stranger} is not in the vocabulary of ${vocabSize}`;
  const stop = tokens.findIndex((token) => stopIds.includes(token));
  if (stop !== -1 && stop < tokens.length - 1)
    return `it went on after token ${tokens[stop]}, which ends an answer`;
  if (stopReason === "stop" && stop === -1)
    return `it stopped at token ${tokens.at(-1)}, which is none of [${stopIds}]`;
  if (logprobs.length !== tokens.length)
    return `${logprobs.length} log-probabilities for ${tokens.length} tokens`;
  if (tokens.length > 1 && logprobs.every((logprob) => logprob === 0))
    return "its log-probabilities are all 0, as some servers fill in what they do not have";
  const above = logprobs.find((logprob) => logprob > MOST_LOGPROB);
  return above === undefined ? undefined : `a log-probability is ${above}, above 0`;
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
