import type { Message } from "@rrr/core";

/**
 * An engine holds weights and does token-level arithmetic: sample, score, differentiate, step.
 * The verbs are those of the Tinker API, because servers that run on real clusters speak it.
 * @see https://tinker-docs.thinkingmachines.ai
 */
export interface Engine {
  readonly name: string;
  readonly tokenizer: Tokenizer;
  /** Longest sequence (prompt + completion) in tokens. */
  readonly contextLength: number;
  /** Draws `options.n` completions. Callers issue many calls at once; the engine batches them. */
  sample(prompt: Int32Array, options: SampleOptions): Promise<readonly TokenCompletion[]>;
  /** Log-probabilities of each datum's target tokens, in nats, at temperature 1. */
  forward(data: readonly Datum[]): Promise<readonly Float32Array[]>;
  /** Adds the loss's gradient to the accumulated gradient. */
  forwardBackward(data: readonly Datum[], loss: Loss): Promise<LossReport>;
  /** Applies the accumulated gradient and clears it. */
  optimStep(adam: AdamSettings): Promise<OptimReport>;
  /** Weights, optimiser state; `loadState` restores both bit for bit. */
  saveState(dir: string): Promise<void>;
  loadState(dir: string): Promise<void>;
  /** Writes the model alone in Hugging Face layout. */
  exportModel(dir: string): Promise<void>;
  /** Hash (hex) of the weights: caches are keyed by it. */
  weightsHash(): Promise<string>;
  close(): Promise<void>;
}

export interface Tokenizer {
  readonly vocabSize: number;
  encode(text: string): Int32Array;
  /** Text of the tokens; special tokens (turn markers, end of text) are left out. */
  decode(ids: Int32Array): string;
  /** The chat template with the opening of the assistant's turn added, as tokens. */
  encodeChat(messages: readonly Message[]): Int32Array;
  /** Tokens that end the assistant's turn. */
  readonly stopIds: readonly number[];
}

export interface SampleOptions {
  readonly n: number;
  readonly maxTokens: number;
  /** 0 = greedy. */
  readonly temperature: number;
  /** Unsigned 32-bit. Completion i uses `deriveKey(seed, i)`, its token t the t-th uniform of that key. */
  readonly seed: number;
  readonly signal?: AbortSignal;
}

export interface TokenCompletion {
  /** Sampled tokens, the stop token included if sampled. Length T. */
  readonly tokens: Int32Array;
  /** Log-probability of each at the sampling temperature (at temperature 1 when greedy), nats. Length T. */
  readonly logprobs: Float32Array;
  readonly finish: "stop" | "length";
}

/** What carries a gradient, and nothing else can: prompt tokens are context, target tokens carry the loss. */
export interface Datum {
  /** Length P ≥ 1. */
  readonly prompt: Int32Array;
  /** Length T ≥ 1. */
  readonly targets: Int32Array;
  /** Weight of each target token's loss: the advantage for a policy gradient, 0 or 1 for cross-entropy. Length T. */
  readonly weights: Float32Array;
  /** Log-probabilities under the policy that sampled the targets. Length T. Policy-gradient losses only. */
  readonly logprobs?: Float32Array;
  /** Log-probabilities under the reference policy. Length T. Needed when the KL coefficient is not 0. */
  readonly reference?: Float32Array;
}

/**
 * `cross-entropy`: Σ −weight·log π / Σ weight over the call.
 * `policy-gradient`: clipped importance ratio with a k3 KL penalty, normalised as named.
 */
export type Loss = { readonly kind: "cross-entropy" } | PolicyGradientLoss;

export interface PolicyGradientLoss {
  readonly kind: "policy-gradient";
  readonly clipLow: number;
  readonly clipHigh: number;
  readonly klCoefficient: number;
  /**
   * `grpo`: mean over a sequence's tokens, then over sequences. `dapo`: mean over all tokens of the call.
   * `dr_grpo`: sum over tokens divided by (`sequences` × `maxTokens`), a constant: `sequences` is how many were drawn,
   * those that were left out of the call because they carry no signal included.
   */
  readonly normalization:
    | { readonly kind: "grpo" | "dapo" }
    | { readonly kind: "dr_grpo"; readonly sequences: number; readonly maxTokens: number };
}

export interface LossReport {
  readonly loss: number;
  readonly tokens: number;
  /** Mean k3 estimate of KL(π‖π_ref) over target tokens, nats; 0 without reference log-probabilities. */
  readonly kl: number;
  /** Mean of −log π over target tokens, nats. */
  readonly entropyEstimate: number;
  /** Share of tokens whose ratio was clipped. */
  readonly clipped: number;
}

export interface AdamSettings {
  readonly learningRate: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  readonly weightDecay?: number;
  /** Largest global gradient norm; larger gradients are scaled down to it. */
  readonly maxGradNorm?: number;
}

export interface OptimReport {
  /** Global L2 norm of the gradient before clipping. */
  readonly gradNorm: number;
}
