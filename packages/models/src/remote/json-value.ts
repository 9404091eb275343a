export type JsonRecord = { readonly [key: string]: unknown };

/** The record that a value is; undefined for anything else. What servers send is never taken at its word. */
export function asRecord(value: unknown): JsonRecord | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as JsonRecord)
    : undefined;
}

/** A text's JSON value; undefined where it is no JSON, which JSON itself cannot say. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
