import type { JsonObject } from "./json/json.ts";

/** One function call, as a model wrote it. */
export interface Call {
  readonly name: string;
  readonly arguments: JsonObject;
}
