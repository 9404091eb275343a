import { createHash } from "node:crypto";
import { RrrError } from "@rrr/core";
import {
  type Json,
  numberOf,
  objectOf,
  type SampleResponse,
  tokensFromJson,
  type WireSample,
} from "@rrr/tinker-protocol";
import type { Engine, TokenCompletion } from "@rrr/trainer";

/** What `asample` asks for, apart from whose weights. */
export interface SampleRequest {
  readonly prompt: Int32Array;
  readonly n: number;
  readonly maxTokens: number | undefined;
  readonly temperature: number;
  readonly seed: number;
  /** Undefined: the model's own. */
  readonly stop: readonly number[] | undefined;
  readonly promptLogprobs: boolean;
}

/** @throws RrrError `bad-argument`: nothing that this server cannot do is ignored */
export function parseSample(body: Json, maxBatch: number): SampleRequest {
  const params = objectOf(body.sampling_params ?? {}, "sampling_params");
  const n = numberOf(body.num_samples ?? 1, "num_samples");
  if (!Number.isInteger(n) || n < 1 || n > maxBatch) throw bad(`num_samples is ${n}, not 1 to ${maxBatch}`);
  const { top_p, top_k, max_tokens, temperature, seed, stop } = params;
  if ((top_p ?? 1) !== 1) throw bad(`top_p is ${top_p}; this server samples from the whole distribution`);
  if ((top_k ?? -1) !== -1) throw bad(`top_k is ${top_k}; this server samples from the whole distribution`);
  if ((body.topk_prompt_logprobs ?? 0) !== 0) throw bad("topk_prompt_logprobs is not to be had here");
  const prompt = tokensFromJson(body.prompt, "prompt");
  return {
    prompt,
    n,
    maxTokens:
      max_tokens === undefined || max_tokens === null ? undefined : numberOf(max_tokens, "max_tokens"),
    temperature: numberOf(temperature ?? 1, "temperature"),
    seed: seed === undefined || seed === null ? seedOf(body) : uint32(numberOf(seed, "seed")),
    stop: stopsOf(stop),
    promptLogprobs: body.prompt_logprobs === true,
  };
}

/** @throws RrrError whatever the engine throws; `bad-argument` for stops that the engine cannot leave out */
export async function sampleWith(engine: Engine, request: SampleRequest): Promise<SampleResponse> {
  const { prompt, n, temperature, seed, stop, promptLogprobs } = request;
  const own = engine.tokenizer.stopIds;
  if (stop !== undefined && !own.every((id) => stop.includes(id))) {
    throw bad(`stop is [${stop}]; this model stops at [${own}] whatever is asked, so they must be in it`);
  }
  const room = engine.contextLength - prompt.length;
  if (room < 1) {
    throw new RrrError(
      "context-overflow",
      `a prompt of ${prompt.length} tokens fills the context of ${engine.contextLength}`,
    );
  }
  const maxTokens = request.maxTokens ?? room;
  const completions = await engine.sample(prompt, { n, maxTokens, temperature, seed });
  return {
    sequences: completions.map((completion) => cut(completion, stop ?? own)),
    promptLogprobs: promptLogprobs ? await scored(engine, prompt) : new Float32Array(0),
  };
}

/** Up to the first stop, for those that the engine does not know. */
function cut({ tokens, logprobs, finish }: TokenCompletion, stop: readonly number[]): WireSample {
  const end = tokens.findIndex((token) => stop.includes(token));
  if (end === -1 || end === tokens.length - 1)
    return { stopReason: end === -1 ? finish : "stop", tokens, logprobs };
  return { stopReason: "stop", tokens: tokens.slice(0, end + 1), logprobs: logprobs.slice(0, end + 1) };
}

/** The first token has none. */
async function scored(engine: Engine, prompt: Int32Array): Promise<Float32Array> {
  if (prompt.length === 1) return Float32Array.of(Number.NaN);
  const targets = prompt.slice(1);
  const weights = new Float32Array(targets.length);
  const [logprobs = []] = await engine.forward([{ prompt: prompt.slice(0, 1), targets, weights }]);
  return Float32Array.of(Number.NaN, ...logprobs);
}

function stopsOf(stop: unknown): readonly number[] | undefined {
  if (stop === undefined || stop === null) return undefined;
  if (Array.isArray(stop) && stop.every((id) => Number.isInteger(id))) return stop;
  throw bad("stop must be a list of tokens, as whole numbers; texts are not looked for here");
}

function uint32(seed: number): number {
  if (Number.isInteger(seed) && seed >= 0 && seed <= 0xffff_ffff) return seed;
  throw bad(`seed is ${seed}, not a whole number of 32 bits`);
}

/** A request without a seed has one by what it asks, so that a repeat gives the same. */
function seedOf(body: Json): number {
  return createHash("sha256").update(JSON.stringify(body)).digest().readUInt32LE();
}

function bad(what: string): RrrError {
  return new RrrError("bad-argument", what);
}
