import { nearestName } from "@rrr/core";
import { listServerModels } from "../spec/server-models.ts";
import type { ResolvedSettings } from "./settings.ts";

/** More than anybody reads in a hint. */
const LISTED = 12;
const TIMEOUT_MS = 3_000;

/**
 * Asks a server that refused a request which models it has, at the base URL and where that is meant to be more likely.
 * @returns what to do; undefined where the list of models says nothing about it
 */
export async function explainRefusal(settings: ResolvedSettings): Promise<string | undefined> {
  const { baseURL, model } = settings;
  const names = await listed(baseURL, settings);
  if (names !== undefined) return names.includes(model) ? undefined : lacking(model, names);
  for (const other of candidates(baseURL)) {
    const there = await listed(other, settings);
    if (there !== undefined) return `A server of models answers at ${other}: give --base-url ${other}.`;
  }
  return undefined;
}

/** With the version that most want at the end, or without the end of an endpoint's own address. */
function candidates(baseURL: string): readonly string[] {
  const root = baseURL.replace(/\/(chat\/completions|completions|models|responses)$/, "");
  return [...new Set([root, `${root}/v1`, `${new URL(baseURL).origin}/v1`])].filter((url) => url !== baseURL);
}

function lacking(model: string, names: readonly string[]): string {
  if (names.length === 0) return "The server has no models: load or pull one first.";
  const nearest = nearestName(model, names);
  const more =
    names.length > LISTED ? ` and ${names.length - LISTED} more (\`rrr models --check\` lists them)` : "";
  const suggestion = nearest === undefined ? "" : `Did you mean openai:${nearest}? `;
  return `${suggestion}The server has no "${model}"; it has ${names.slice(0, LISTED).join(", ")}${more}.`;
}

async function listed(
  baseURL: string,
  { apiKey, headers }: ResolvedSettings,
): Promise<readonly string[] | undefined> {
  try {
    return await listServerModels({
      ...{ baseURL, headers, timeoutMs: TIMEOUT_MS },
      ...(apiKey === undefined ? {} : { apiKey }),
    });
  } catch {
    return undefined;
  }
}
