import type { Message } from "@rrr/core";

/**
 * An engine holds weights and does token-level arithmetic: sample, score, differentiate, step.
 * The verbs are those of the Tinker API, because servers that run on real clusters speak it.
 * @see https://tinker-docs.thinkingmachines.ai
 */
export interface Engine {
  readonly name: string;
  readonly capabilities: EngineCapabilities;
  readonly tokenizer: Tokenizer;
  /** Longest sequence (prompt + completion) in tokens. */
  readonly contextLength: number;
  /** Worth knowing before it works, a sentence each: what it runs on, what it plans. */
  readonly notes?: readonly string[];
  /**
   * Draws `options.n` completions. Callers issue many calls at once; the engine batches them.
   * @throws diverged if a log-probability is no number
   */
  sample(prompt: Int32Array, options: SampleOptions): Promise<readonly TokenCompletion[]>;
  /** Log-probabilities of each datum's target tokens, in nats, at temperature 1. @throws diverged as `sample` does */
  forward(data: readonly Datum[]): Promise<readonly Float32Array[]>;
  /** Adds the loss's gradient to the accumulated gradient. */
  forwardBackward(data: readonly Datum[], loss: Loss): Promise<LossReport>;
  /** Applies the accumulated gradient and clears it. */
  optimStep(adam: AdamSettings): Promise<OptimReport>;
  /** Stores weights and optimiser state: in `dir`, a folder that is not there yet or empty, or elsewhere. */
  saveState(dir: string): Promise<Stored>;
  /**
   * Restores both bit for bit, and changes nothing where it cannot.
   * @throws bad-checkpoint
   */
  loadState(state: Stored): Promise<void>;
  /** Stores the model alone, as `saveState` does. */
  exportModel(dir: string): Promise<StoredModel>;
  /** Stores the adapter alone, in the layout of PEFT. Engines that train one and can. */
  exportAdapter?(dir: string): Promise<StoredModel>;
  /**
   * The policy as it was opened, whatever was trained or loaded since: what a KL penalty holds on to without a second
   * engine. Engines that still have it.
   */
  readonly initial?: Pick<Engine, "forward">;
  /**
   * What computes, with its version, where that is found when the engine is opened: results depend on it as they do on the
   * machine. A run keeps it, and is not resumed with another in silence.
   */
  readonly runtime?: string;
  /**
   * Names the weights: caches and checkpoints are keyed by it. Other weights have another version. Nothing but
   * `optimStep` and `loadState` changes it, and `loadState` brings back the one that was saved. A local engine hashes;
   * a server may count.
   */
  weightsVersion(): Promise<string>;
  /** What it waits for at this moment, longer than it should take: a server that does not answer. For displays. */
  waitsFor?(): string | undefined;
  close(): Promise<void>;
}

/** What an engine can do. A run that asks for more is refused before it starts: see `checkCapabilities`. */
export interface EngineCapabilities {
  /** Whether training changes all weights, or an adapter of low rank beside frozen ones. */
  readonly trains: "full" | "lora";
  /**
   * Settings of `optimStep` that cannot be chosen, with the value that they have: `{ maxGradNorm: 0 }` never clips.
   * Empty where all can be.
   */
  readonly fixed: Readonly<Partial<Omit<AdamSettings, "learningRate">>>;
  /** Of the policy gradient; each is computed exactly as asked, whatever a server below reduces by. */
  readonly normalizations: readonly Normalization[];
  /** Surrogates of the policy gradient that it computes. Absent: `ppo` alone. */
  readonly surrogates?: readonly Surrogate[];
  /** Whether it has the entropy of a token's whole distribution, for an entropy bonus. Absent: it has not. */
  readonly entropy?: boolean;
  /** Whether the same prompt and seed give the same tokens, alone or among other calls. */
  readonly seeds: boolean;
  /** The temperature that the log-probabilities of `sample` are at: that of sampling, or always 1. */
  readonly logprobs: "sampling" | "one";
  /** Where `saveState` stores. */
  readonly state: Stored["kind"];
}

/** Where an engine put something: in the folder that it was given, or elsewhere, e.g. with a server. */
export type Stored =
  | { readonly kind: "folder"; readonly path: string }
  | { readonly kind: "address"; readonly address: string };

/** `hugging-face` and `peft`, an adapter whose base is known: folders that `readModelDir` reads. */
export type StoredModel =
  | (Extract<Stored, { readonly kind: "folder" }> & { readonly layout: "hugging-face" | "peft" | "other" })
  | Extract<Stored, { readonly kind: "address" }>;

export interface Tokenizer {
  readonly vocabSize: number;
  encode(text: string): Int32Array;
  /** Text of the tokens; special tokens (turn markers, end of text) are left out, tags of thoughts are not. */
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
  /** Log-probability of each, at the temperature that `capabilities` says (at 1 when greedy), nats. Length T. */
  readonly logprobs: Float32Array;
  readonly finish: "stop" | "length";
}

/** What carries a gradient, and nothing else can: prompt tokens are context, target tokens carry the loss. */
export interface Datum {
  /** Length P ≥ 1. */
  readonly prompt: Int32Array;
  /** Length T ≥ 1. */
  readonly targets: Int32Array;
  /**
   * Weight of each target token's loss: the advantage for a policy gradient, truncated importance weights multiplied
   * in where there are any; 0 or 1 for cross-entropy. Length T.
   */
  readonly weights: Float32Array;
  /**
   * Log-probabilities under π_old, the policy before the batch's first update: it sampled the targets. Length T.
   * Policy-gradient losses only.
   */
  readonly logprobs?: Float32Array;
  /** Log-probabilities under the reference policy. Length T. Needed when the KL coefficient is not 0. */
  readonly reference?: Float32Array;
}

/**
 * `cross-entropy`: Σ −weight·log π / Σ weight over the call.
 * `policy-gradient`: a surrogate of the importance ratio with a k3 KL penalty, normalised as named.
 */
export type Loss = { readonly kind: "cross-entropy" } | PolicyGradientLoss;

export interface PolicyGradientLoss {
  readonly kind: "policy-gradient";
  /** Absent: `ppo`. */
  readonly surrogate?: Surrogate;
  /** The ratio is kept within [1 − clipLow, 1 + clipHigh]. A `clipLow` of at least 1 is no lower bound. */
  readonly clipLow: number;
  readonly clipHigh: number;
  /** Of the k3 estimate of KL(π‖π_ref), added to the loss of each token. */
  readonly klCoefficient: number;
  /**
   * Times the mean entropy of the target tokens' whole distributions over the call, in nats, is subtracted from the
   * loss, whatever the normalisation. Needs an engine with `entropy`. Absent: 0.
   */
  readonly entropyCoefficient?: number;
  /**
   * `grpo`: mean over a sequence's tokens, then over sequences. `dapo`: mean over all tokens of the call.
   * `dr_grpo`: sum over tokens divided by (`sequences` × `maxTokens`), a constant: `sequences` is how many were drawn,
   * those that were left out of the call because they carry no signal included.
   */
  readonly normalization:
    | { readonly kind: "grpo" | "dapo" }
    | { readonly kind: "dr_grpo"; readonly sequences: number; readonly maxTokens: number };
}

/**
 * What is made of the ratio ρ = π/π_old and the advantage A.
 * `ppo`: −min(ρA, clip(ρ)A) with a ratio for each token. `gspo`: the same with one ratio for all tokens of a datum,
 * exp of the mean of their log-ratios. `cispo`: −clip(ρ)·A·log π, where no gradient flows through clip(ρ), so clipped
 * tokens keep theirs.
 * @see Schulman et al. 2017, arXiv 1707.06347; Zheng et al. 2025, arXiv 2507.18071; MiniMax 2025, arXiv 2506.13585
 */
export type Surrogate = "ppo" | "gspo" | "cispo";

export type Normalization = PolicyGradientLoss["normalization"]["kind"];

export interface LossReport {
  readonly loss: number;
  readonly tokens: number;
  /** Mean k3 estimate of KL(π‖π_ref) over target tokens, nats; 0 without reference log-probabilities. */
  readonly kl: number;
  /** Mean of −log π over target tokens, nats. */
  readonly entropyEstimate: number;
  /** Share of tokens whose ratio was clipped: no gradient is left of them, or with `cispo` a bounded one. */
  readonly clipped: number;
  /** Mean entropy of the target tokens' whole distributions, nats; only where the loss has an entropy bonus. */
  readonly entropy?: number;
}

export interface AdamSettings {
  readonly learningRate: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  readonly weightDecay?: number;
  /** Largest global gradient norm; larger gradients are scaled down to it. 0, the default: none are. */
  readonly maxGradNorm?: number;
}

export interface OptimReport {
  /** Global L2 norm of the gradient before clipping. */
  readonly gradNorm: number;
}
