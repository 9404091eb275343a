import { RrrError } from "@rrr/core";
import { isJsonArray, isJsonObject, type Json, JsonNumber } from "./json.ts";
import { parseJson } from "./parse-json.ts";

/** A JSON value as `JSON.parse` would give it: numbers become doubles, and every key an own property. */
export function toPlain(json: Json): unknown {
  if (json instanceof JsonNumber) return Number(json.text);
  if (isJsonObject(json)) {
    return Object.fromEntries(Array.from(json, ([key, value]) => [key, toPlain(value)]));
  }
  return isJsonArray(json) ? json.map(toPlain) : json;
}

/**
 * The JSON value that a plain value stands for.
 * @throws RrrError `bad-item` for what JSON cannot hold: undefined, NaN, functions, cycles, excessive depth.
 */
export function fromPlain(value: unknown): Json {
  const reading = parseJson(textOf(value));
  if (reading.kind === "value") return reading.value;
  throw new RrrError("bad-item", `a value that is no JSON: ${reading.problem}`);
}

const PLAIN: ReadonlySet<string> = new Set(["[object Object]", "[object Array]", "[object Null]"]);

function textOf(value: unknown): string {
  try {
    return JSON.stringify(value, (_, member: unknown) => {
      if (member === undefined || typeof member === "function" || typeof member === "symbol") {
        throw new TypeError(`${typeof member} in it`);
      }
      if (typeof member === "number" && !Number.isFinite(member)) throw new TypeError(`${member} in it`);
      // JSON.stringify writes {} for a Map, a Set or a RegExp.
      const tag = Object.prototype.toString.call(member);
      if (typeof member === "object" && !PLAIN.has(tag)) throw new TypeError(`${tag} in it`);
      return member;
    });
  } catch (cause) {
    throw new RrrError("bad-item", "a value that is no JSON", { cause });
  }
}
