import type { Json } from "../json/json.ts";

/** What reading needs to know of the functions on offer. */
export interface Offer {
  /** Only the JSON of RFC 8259, in the shapes that the README lists for `json`. */
  readonly strict: boolean;
  /** Python counts only where it is the whole output, as on BFCL. */
  readonly wholePython: boolean;
  isOffered(name: string): boolean;
  /** The value that a text stands for where a syntax has no types of its own: the schema's to say. */
  valueOf(name: string, argument: string, text: string): Json;
}
