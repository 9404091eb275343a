import { createHash } from "node:crypto";
import type { ModelIdentity } from "@rrr/models";
import { type Headers, isSecretName, keptHeaders } from "../spec/headers.ts";
import type { ModelSpec } from "../spec/run-spec.ts";
import { optional } from "./optional.ts";

/** What is known of a server before it is asked for anything. */
export interface ServerLook {
  /** What its answers depend on, beside what is known without it. */
  readonly identity: Pick<ModelIdentity, "settings">;
  /** Its base URL, if it may send a bill. */
  readonly paid: string | undefined;
  readonly notes: readonly string[];
}

export const UNASKED: ServerLook = { identity: {}, paid: undefined, notes: [] };

/** A server that does not answer at once holds a run up no longer than this. */
const TIMEOUT_MS = 2_000;

/** Looks at a server: one of the user's own is asked what it serves, since its weights change under the same name. */
export async function lookAt(
  { name, apiKeyEnv }: ModelSpec,
  { source, settings }: ModelIdentity,
  { headers = {} }: { readonly headers?: Headers },
): Promise<ServerLook> {
  const { isLocalAddress, servedModel } = await optional("@rrr/models", () => import("@rrr/models"));
  const sent = Object.keys(headers).length === 0 ? {} : { headers: keptHeaders(headers) };
  if (!isLocalAddress(source)) {
    return { identity: { settings: { ...settings, ...sent } }, paid: source, notes: [] };
  }
  const apiKey = process.env[apiKeyEnv ?? "OPENAI_API_KEY"];
  const key = apiKey ? { apiKey } : {};
  const served = await servedModel(source, name.replace(/^openai:/, ""), {
    ...{ headers, timeoutMs: TIMEOUT_MS },
    ...key,
  });
  if (served !== undefined) {
    return { identity: { settings: { ...settings, ...sent, served } }, paid: undefined, notes: [] };
  }
  const note = `${source} does not tell what it serves; kept answers go by its address and the model's name`;
  return { identity: { settings: { ...settings, ...sent } }, paid: undefined, notes: [note] };
}

/**
 * The identity as the cache's key has it: with the values that a run does not keep, hashed, since one of them may choose
 * the model. A key is a hash itself, so that no value can be read from it.
 */
export function cacheIdentity(identity: ModelIdentity, headers: Headers = {}): ModelIdentity {
  const kept = keptHeaders(headers);
  const others = Object.entries(headers).filter(([name]) => kept[name] === null && !isSecretName(name));
  if (others.length === 0) return identity;
  const routed = createHash("sha256").update(JSON.stringify(others)).digest("hex");
  return { ...identity, settings: { ...identity.settings, routed } };
}
