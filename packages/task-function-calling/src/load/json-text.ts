import { isJsonArray, isJsonObject, type Json, JsonNumber } from "../json/json.ts";

/** A value as JSON text, numbers as they were written. */
export function toJsonText(json: Json): string {
  if (json instanceof JsonNumber) return json.text;
  if (isJsonArray(json)) return `[${json.map(toJsonText).join(", ")}]`;
  if (!isJsonObject(json)) return JSON.stringify(json);
  const members = Array.from(json, ([key, value]) => `${JSON.stringify(key)}: ${toJsonText(value)}`);
  return `{${members.join(", ")}}`;
}
