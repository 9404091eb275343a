import type { Feeds } from "@rrr/autodiff";
import type { RrrErrorCode } from "@rrr/core";
import type { Adapter, DecoderConfig, Weights } from "@rrr/trainer";
import type { PartOptions } from "@rrr/trainer/local";
import type { PackedBatch } from "../learn/packing.ts";
import type { CompiledLoss } from "../learn/split-loss.ts";
import type { SamplerOptions } from "../sample/sampler.ts";
import type { HaltSigns } from "./halt.ts";

/** What a lane's thread is started with; the model is copied for it. */
export interface LaneData {
  readonly config: DecoderConfig;
  readonly weights: Weights;
  readonly adapter?: Adapter | undefined;
  readonly options: SamplerOptions;
  /** Compiled graphs of training batches that it keeps. */
  readonly graphs: number;
  readonly signs: HaltSigns;
}

/** What is asked of a lane. Every call has one answer. */
export type LaneCall =
  | {
      readonly kind: "sample";
      readonly prompt: Int32Array;
      readonly options: Omit<PartOptions, "signal">;
    }
  | { readonly kind: "score"; readonly batch: PackedBatch; readonly values?: Float32Array | undefined }
  | {
      readonly kind: "differentiate";
      readonly batch: PackedBatch;
      readonly perToken: Feeds;
      readonly loss: CompiledLoss;
    }
  | { readonly kind: "take-gradient" }
  /** What is trained has these values from now on. */
  | { readonly kind: "adopt"; readonly values: Float32Array }
  | { readonly kind: "close" };

/** `abort` ends a call of `sample` early; all others are calls. */
export type LaneMessage =
  | { readonly id: number; readonly call: LaneCall }
  | { readonly id: number; readonly call: "abort" };

export interface LaneReply {
  readonly id: number;
  readonly answer?: unknown;
  readonly error?: {
    readonly code: RrrErrorCode;
    readonly message: string;
    readonly hint?: string | undefined;
  };
}
