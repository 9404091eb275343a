import { malformed } from "../malformed.ts";

/** An object of JSON, its fields not looked at yet. */
export type Json = Readonly<Record<string, unknown>>;

/** The value, if it is an object. @param what names the value, for errors @throws RrrError `bad-argument`, as all readers here do */
export function objectOf(value: unknown, what: string): Json {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Json;
  throw expected(what, "an object", value);
}

/** The value, if it is a list. @param what as in `objectOf` */
export function listOf(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw expected(what, "a list", value);
}

/** The value, if it is text. @param what as in `objectOf` */
export function textOf(value: unknown, what: string): string {
  if (typeof value === "string") return value;
  throw expected(what, "text", value);
}

/** The value, if it is a number. @param what as in `objectOf` */
export function numberOf(value: unknown, what: string): number {
  if (typeof value === "number") return value;
  throw expected(what, "a number", value);
}

/** A list of numbers; `null` is NaN, which JSON cannot write. */
export function floatsOf(value: unknown, what: string): Float32Array {
  return Float32Array.from(listOf(value, what), (each, i) =>
    each === null ? Number.NaN : numberOf(each, `${what}[${i}]`),
  );
}

/** A list of whole numbers of 32 bits. */
export function intsOf(value: unknown, what: string): Int32Array {
  return Int32Array.from(listOf(value, what), (each, i) => {
    if (typeof each === "number" && each === (each | 0)) return each;
    throw expected(`${what}[${i}]`, "a whole number of 32 bits", each);
  });
}

function expected(what: string, kind: string, value: unknown): Error {
  const seen = shown(value);
  return malformed(`${what} must be ${kind}, got ${seen.length > 60 ? `${seen.slice(0, 60)}…` : seen}`);
}

function shown(value: unknown): string {
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    // Nested so deeply that it cannot be written.
    return typeof value;
  }
}
