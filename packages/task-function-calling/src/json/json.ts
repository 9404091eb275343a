/**
 * JSON as it was written. `JSON.parse` loses what a strict checker needs: the text of numbers (beyond 2^53 they are
 * rounded) and duplicate keys (the last one wins, silently).
 */

/** A number by its text, as RFC 8259 allows it. */
export class JsonNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Keys in the order written; each occurs once. A Map, so that no key (`__proto__`) is special. */
export type JsonObject = ReadonlyMap<string, Json>;

export type Json = null | boolean | string | JsonNumber | readonly Json[] | JsonObject;

export function isJsonObject(json: Json | undefined): json is JsonObject {
  return json instanceof Map;
}

export function isJsonArray(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json);
}

/** What a value is, in words for a message. */
export function describeJson(json: Json | undefined): string {
  if (json === undefined) return "nothing";
  if (json instanceof JsonNumber) return "a number";
  if (isJsonObject(json)) return "an object";
  if (isJsonArray(json)) return "an array";
  return json === null ? "null" : `a ${typeof json}`;
}
