import { isJsonArray, isJsonObject, type Json, JsonNumber } from "../src/json/json.ts";
import type { RightCalls } from "./random-calls.ts";

/**
 * A text that two lists of calls share if, and only if, they mean the same: an oracle for values whose numbers are
 * written in their own shortest way, as `randomValue` writes them.
 */
export function meaningOf({ tools, calls }: RightCalls): string {
  const texts = calls.map((call) => {
    const { properties } = tools.find(({ name }) => name === call.name)?.parameters ?? {};
    const defaults = Object.entries((properties ?? {}) as Record<string, { default?: unknown }>)
      .filter(([key, { default: value }]) => value !== undefined && !call.arguments.has(key))
      .map(([key, { default: value }]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
    const written = [...call.arguments].map(([key, value]) => `${JSON.stringify(key)}:${canonical(value)}`);
    return `${JSON.stringify(call.name)}(${[...defaults, ...written].toSorted().join()})`;
  });
  return texts.toSorted().join("\n");
}

function canonical(json: Json): string {
  if (json instanceof JsonNumber) return json.text;
  if (isJsonArray(json)) return `[${json.map(canonical).join()}]`;
  if (!isJsonObject(json)) return JSON.stringify(json);
  return `{${[...json]
    .map(([key, value]) => `${JSON.stringify(key)}:${canonical(value)}`)
    .toSorted()
    .join()}}`;
}
