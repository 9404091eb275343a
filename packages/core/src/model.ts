import type { Message } from "./message.ts";

export interface GenerateOptions {
  /** Completions to draw for this prompt. */
  readonly n?: number;
  /** Most tokens of one completion. */
  readonly maxTokens: number;
  /** 0 = greedy. */
  readonly temperature: number;
  /** Unsigned 32-bit key of this request's randomness: same key, same prompt, same weights, same tokens. */
  readonly seed: number;
  readonly signal?: AbortSignal;
}

/** What a trainable model adds to a completion, so that what is trained is never re-tokenised. */
export interface CompletionTokens {
  /** The prompt exactly as it was fed to the model. Length P. */
  readonly prompt: Int32Array;
  /** Sampled tokens, the end-of-turn token included if it was sampled. Length T. */
  readonly ids: Int32Array;
  /** Log-probability of each sampled token at the sampling temperature, in nats. Length T. */
  readonly logprobs: Float32Array;
}

export interface Completion {
  readonly text: string;
  /** `stop`: the model ended its turn. `length`: it hit `maxTokens`. */
  readonly finish: "stop" | "length";
  readonly tokens?: CompletionTokens;
}

/** One request in, its completions out. Callers run thousands at once; batching is the model's business. */
export interface Model {
  readonly id: string;
  generate(prompt: readonly Message[], options: GenerateOptions): Promise<readonly Completion[]>;
}
