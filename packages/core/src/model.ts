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
  /**
   * Once it is aborted nothing more is sent: what is under way is finished, what waits to be sent, or sent again, fails
   * with the signal's reason.
   */
  readonly closing?: AbortSignal;
  /**
   * Called with what an answer took that came and could not be used, before it is asked for again (`again`) or given up.
   * A rejection ends the request.
   */
  readonly onRejected?: (usage: TokenUsage | undefined, again: boolean) => Promise<void>;
}

/** What a trainable model adds to a completion, so that what is trained is never re-tokenised. */
export interface CompletionTokens {
  /** The prompt exactly as it was fed to the model. Length P. */
  readonly prompt: Int32Array;
  /** Sampled tokens, the end-of-turn token included if it was sampled. Length T. */
  readonly ids: Int32Array;
  /** Log-probability of each sampled token at the sampling temperature, in nats. Length T. */
  readonly logprobs: Float32Array;
  /** How many of `ids`, from the first on, hold something of what is hidden of the text. Default 0. */
  readonly hidden?: number;
}

/** What a model that is not trained here says of a request's cost. */
export interface TokenUsage {
  /** Tokens of the prompt. */
  readonly prompt: number;
  /** Sampled tokens, those of the reasoning included. */
  readonly completion: number;
  /** The counts come from a rule of thumb, not from the model's own tokenizer. */
  readonly estimated?: true;
  /** The server's own counts contradict themselves, and how; those here are the best that can be made of them. */
  readonly contradicts?: string;
}

export interface Completion {
  /** The answer: what a verifier checks, and what later turns quote. */
  readonly text: string;
  /**
   * How many characters of `text`, from its start, the model's chat template leaves out of later turns: its thought.
   * All of them where that was cut off. Undefined where the template is not known: then a thought that the text begins
   * with counts. A reflection has them as its `reasoning` instead.
   */
  readonly hidden?: number;
  /** `stop`: the model ended its turn. `length`: it hit `maxTokens`. */
  readonly finish: "stop" | "length";
  readonly tokens?: CompletionTokens;
  readonly usage?: TokenUsage;
  /** What the model thought, apart from the answer; never checked, never quoted. */
  readonly reasoning?: string;
  /** It was not sampled for this request: an answer that was kept before. */
  readonly cached?: true;
}

/** One request in, its completions out. Callers run thousands at once; batching is the model's business. */
export interface Model {
  readonly id: string;
  generate(prompt: readonly Message[], options: GenerateOptions): Promise<readonly Completion[]>;
}

/** Sampled tokens of a completion; undefined for a model that does not say. */
export function tokenCount({ tokens, usage }: Completion): number | undefined {
  return tokens?.ids.length ?? usage?.completion;
}
