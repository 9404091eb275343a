/** Part of a JSON Schema; `{}` allows anything. */
export type SchemaPart = Readonly<Record<string, unknown>>;

export function isSchemaPart(value: unknown): value is SchemaPart {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
