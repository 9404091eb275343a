/** The messages that carry numbers, apart from how they are written. Everything else of the protocol is plain JSON. */

/** A row of numbers. On the wire `floats` are float32, `ints` int64. */
export type Tensor =
  | { readonly kind: "floats"; readonly data: Float32Array }
  | { readonly kind: "ints"; readonly data: Int32Array };

/** One sequence, and what its loss needs: `target_tokens`, and `weights`, `advantages` or `logprobs`, each of its length. */
export interface WireDatum {
  readonly tokens: Int32Array;
  readonly inputs: Readonly<Record<string, Tensor>>;
}

/** A pass over data: log-probabilities, and unless `forwardOnly` a gradient. */
export interface ForwardBackwardRequest {
  readonly modelId: string;
  /** From 1, one more with each training request of a model. */
  readonly seqId: number;
  readonly data: readonly WireDatum[];
  readonly loss: string;
  /** Numbers of the loss, e.g. `clip_low_threshold`. */
  readonly lossConfig: Readonly<Record<string, number>>;
  /** Only the log-probabilities are asked for. */
  readonly forwardOnly: boolean;
}

/** What a pass gives. */
export interface ForwardBackwardOutput {
  readonly type: string;
  /** One for each datum: `logprobs`, of the length of the datum. */
  readonly outputs: readonly Readonly<Record<string, Float32Array>>[];
  readonly metrics: Readonly<Record<string, number>>;
}

/** One completion. */
export interface WireSample {
  readonly stopReason: "stop" | "length";
  readonly tokens: Int32Array;
  /** Empty where the server gives none. */
  readonly logprobs: Float32Array;
}

/** Completions of a prompt. */
export interface SampleResponse {
  readonly sequences: readonly WireSample[];
  /** Of the prompt's tokens; NaN where there is none. Empty where they were not asked for. */
  readonly promptLogprobs: Float32Array;
}
