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
  /** Undefined: the model's own, as with texts. */
  readonly stop: readonly number[] | undefined;
  /** Texts whose first occurrence ends a sample. */
  readonly stopTexts: readonly string[];
  readonly promptLogprobs: boolean;
}

/** What a client may ask for besides, and does not get. */
const NUMBERS_MORE = [
  "topk_prompt_logprobs",
  "topk_sample_logprobs",
  "prompt_alt_tokens_k",
  "prompt_logprobs_last_n",
  "target_prompt_logprobs",
];

/** @throws RrrError `bad-argument`: nothing that this server cannot do is ignored */
export function parseSample(body: Json, maxBatch: number): SampleRequest {
  const params = objectOf(body.sampling_params ?? {}, "sampling_params");
  const n = numberOf(body.num_samples ?? 1, "num_samples");
  if (!Number.isInteger(n) || n < 1 || n > maxBatch) throw bad(`num_samples is ${n}, not 1 to ${maxBatch}`);
  const { top_p, top_k, max_tokens, temperature, seed, stop } = params;
  if ((top_p ?? 1) !== 1) throw bad(`top_p is ${top_p}; this server samples from the whole distribution`);
  if ((top_k ?? -1) !== -1) throw bad(`top_k is ${top_k}; this server samples from the whole distribution`);
  for (const name of NUMBERS_MORE) {
    if ((body[name] ?? 0) !== 0) throw bad(`${name} is not to be had here`);
  }
  if (body.record_stability_info === true) {
    throw bad("record_stability_info is for the loss stable_reinforce, which this server does not have");
  }
  const prompt = tokensFromJson(body.prompt, "prompt");
  return {
    prompt,
    n,
    maxTokens:
      max_tokens === undefined || max_tokens === null ? undefined : numberOf(max_tokens, "max_tokens"),
    temperature: numberOf(temperature ?? 1, "temperature"),
    seed: seed === undefined || seed === null ? seedOf(body) : uint32(numberOf(seed, "seed")),
    ...stopsOf(stop),
    promptLogprobs: body.prompt_logprobs === true,
  };
}

/** @throws RrrError whatever the engine throws; `bad-argument` for stops that the engine cannot leave out */
export async function sampleWith(engine: Engine, request: SampleRequest): Promise<SampleResponse> {
  const { prompt, n, temperature, seed, stop, stopTexts, promptLogprobs } = request;
  const { decode } = engine.tokenizer;
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
    sequences: completions.map((completion) => cutAtText(cut(completion, stop ?? own), stopTexts, decode)),
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

/** Up to the token with which the first of the texts is complete, which is the last one that is given. */
function cutAtText(
  sample: WireSample,
  texts: readonly string[],
  decode: (tokens: Int32Array) => string,
): WireSample {
  const { tokens, logprobs } = sample;
  const hasText = (length: number): boolean => {
    const text = decode(tokens.slice(0, length));
    return texts.some((each) => text.includes(each));
  };
  if (texts.length === 0 || !hasText(tokens.length)) return sample;
  let length = 1;
  while (!hasText(length)) length++;
  return { stopReason: "stop", tokens: tokens.slice(0, length), logprobs: logprobs.slice(0, length) };
}

/** The first token has none. */
async function scored(engine: Engine, prompt: Int32Array): Promise<Float32Array> {
  if (prompt.length === 1) return Float32Array.of(Number.NaN);
  const targets = prompt.slice(1);
  const weights = new Float32Array(targets.length);
  const [logprobs = []] = await engine.forward([{ prompt: prompt.slice(0, 1), targets, weights }]);
  return Float32Array.of(Number.NaN, ...logprobs);
}

function stopsOf(stop: unknown): Pick<SampleRequest, "stop" | "stopTexts"> {
  if (stop === undefined || stop === null) return { stop: undefined, stopTexts: [] };
  const list: readonly unknown[] = Array.isArray(stop) ? stop : [stop];
  const isText = (each: unknown): each is string => typeof each === "string" && each !== "";
  if (list.length > 0 && list.every(isText)) return { stop: undefined, stopTexts: list };
  const isId = (each: unknown): each is number => Number.isInteger(each);
  if (Array.isArray(stop) && list.every(isId)) return { stop: list, stopTexts: [] };
  throw bad("stop must be a list of tokens, as whole numbers, or of texts, and not of both");
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
