import type { Engine } from "@rrr/trainer";

/** A model that clients can train: each `create_model` opens an engine of its own. */
export interface ServedModel {
  /** What clients ask for as `base_model`. */
  readonly name: string;
  /** In tokens. */
  readonly contextLength: number;
  /** What its engines train. An adapter has the rank that the client asks for; 0 asks for all weights. */
  readonly trains: "full" | "lora";
  /** A new engine with the model's own weights. It is closed when the client is done, or gone. */
  open(adapter: { readonly rank: number; readonly seed: number }): Promise<Engine>;
}

/**
 * How the losses of a call become one. `sum`: over all tokens and datums since the last step, as the hosted service
 * has it. `datum-mean`: mean over these datums of each one's weighted mean over tokens, as SkyRL's JAX backend has it.
 */
export type Reduction = "sum" | "datum-mean";

/** What a server of the protocol serves, and its limits. */
export interface TinkerSettings {
  readonly models: readonly ServedModel[];
  /** Where checkpoints are kept: `MODEL/weights/NAME` and `MODEL/sampler_weights/NAME`. */
  readonly folder: string;
  /** Default `sum`. */
  readonly reduction?: Reduction;
  /** Clients must send it as `X-API-Key` or `Authorization: Bearer`. Default: none is asked for. */
  readonly token?: string;
  /** A session without a heartbeat for so long loses its models. Default 300. */
  readonly sessionSeconds?: number;
  /** How long a request for a result is held before the client is told to ask again. Default 20. */
  readonly holdSeconds?: number;
  /** Default 64 MiB. */
  readonly maxBodyBytes?: number;
  /** Most datums, or samples, of one call. Default 1,024. */
  readonly maxBatch?: number;
  /** Most models at once. Default 8. */
  readonly maxModels?: number;
}
