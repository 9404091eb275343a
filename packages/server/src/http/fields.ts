import { Refusal } from "./refusal.ts";

/** An object of JSON, its fields not looked at yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** The value, if it is an object. @param what names it in the error @throws Refusal 400 `bad-request`, as all here do */
export function objectIn(value: unknown, what: string): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw wrong(what, "an object", value);
}

/** The value, if it is text. */
export function textIn(value: unknown, what: string): string {
  if (typeof value === "string") return value;
  throw wrong(what, "text", value);
}

/** The value, if it is a list. @param most entries that it may have @throws Refusal 413 `too-many` for more */
export function listIn(value: unknown, what: string, most: number): readonly unknown[] {
  if (!Array.isArray(value)) throw wrong(what, "a list", value);
  if (value.length > most) {
    throw new Refusal(413, `${what} has ${value.length} entries; the most are ${most}`, "too-many");
  }
  return value;
}

/** The value, if it is a whole number from 0 to `most`. */
export function countIn(value: unknown, what: string, most: number): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most)
    return value as number;
  throw wrong(what, `a whole number from 0 to ${most}`, value);
}

/** `countIn` for a query such as `?limit=20`. @param otherwise what it is where the query does not say */
export function countInQuery(query: URLSearchParams, name: string, otherwise: number, most: number): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  return countIn(/^\d{1,9}$/.test(text) ? Number(text) : text, name, most);
}

function wrong(what: string, expected: string, value: unknown): Refusal {
  const kind =
    value === undefined
      ? "missing"
      : value === null
        ? "null"
        : Array.isArray(value)
          ? "a list"
          : typeof value;
  const seen = typeof value === "number" || typeof value === "boolean" ? String(value) : kind;
  return new Refusal(400, `${what} must be ${expected}; it is ${seen}`);
}
