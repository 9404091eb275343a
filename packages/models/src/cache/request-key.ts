import { createHash } from "node:crypto";
import type { GenerateOptions, Message } from "@rrr/core";
import type { ModelIdentity } from "./model-identity.ts";

/**
 * Counted up when a key or an entry comes to mean something else: the cache file is named after it. From 2 on, tools are
 * sent under names that servers accept, where a key has the task's own: an answer kept before was asked for otherwise.
 */
export const CACHE_FORMAT = 2;

/**
 * Key of one request: SHA-256 over everything that changes its answers. With the number of a sample within the
 * request it is the key of an entry. `n` belongs to it, for a server may draw the same seed's samples otherwise
 * when it is asked for more of them. Prompts are hashed as they are written, tool schemas in their order of fields:
 * so does the model see them.
 */
export function requestKey(
  { model, source, settings = {} }: ModelIdentity,
  prompt: readonly Message[],
  { n = 1, maxTokens, temperature, seed }: GenerateOptions,
): string {
  // A setting that is undefined takes a field out of what is sent; JSON alone would not show it.
  const set = Object.entries(settings).map(([name, value]) => (value === undefined ? [name] : [name, value]));
  const request = [CACHE_FORMAT, model, source, set, prompt, n, maxTokens, temperature, seed];
  return createHash("sha256").update(JSON.stringify(request)).digest("hex");
}
