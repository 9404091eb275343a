import type { Tokenizer } from "@rrr/trainer";
import type { Reduction } from "./carrier.ts";

/** How numbers go over the wire: as servers since 0.25 have it, or as older ones do. */
export type Dialect = "json" | "protobuf";

/** A model on a server. */
export interface TinkerEngineSettings {
  /** Of the server, without `/api/v1`. */
  readonly baseUrl: string;
  /** What the server calls the model. */
  readonly model: string;
  /** A folder in Hugging Face layout with the model's tokenizer; with the weights too, models can be exported. */
  readonly folder: string;
  readonly tokenizer: Tokenizer;
  /** Sent to that server and nowhere else; kept in memory alone. */
  readonly apiKey?: string;
  /** Of the adapter that is trained. Default 32; 0 asks for all weights, where a server can. */
  readonly rank?: number;
  /** Of the adapter's first weights. Default 0. */
  readonly seed?: number;
  /** Default `auto`: protobuf, and JSON where the server does not take it. */
  readonly dialect?: Dialect | "auto";
  /** How the server reduces losses. Default `auto`: found out with a model that is thrown away. */
  readonly reduction?: Reduction | "auto";
  /** In tokens. Default: what the server says, else what the folder's config.json says. */
  readonly contextLength?: number;
  /** Longest wait for one result, in seconds. Default 3,600. */
  readonly timeout?: number;
  /** Seconds between heartbeats. Default 10. */
  readonly heartbeat?: number;
}
