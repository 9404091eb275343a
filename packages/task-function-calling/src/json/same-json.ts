import { isJsonArray, isJsonObject, type Json, JsonNumber, type JsonObject } from "./json.ts";

/**
 * Whether two JSON values mean the same: numbers by their exact value (1 = 1.0 = 10e-1, integers of any length),
 * objects whatever the order of their keys. No number, string or boolean equals one of another type.
 */
export function sameJson(a: Json, b: Json): boolean {
  if (a instanceof JsonNumber) return b instanceof JsonNumber && sameNumber(a, b);
  if (isJsonObject(a)) return isJsonObject(b) && sameMembers(a, b);
  if (isJsonArray(a)) return isJsonArray(b) && sameElements(a, b);
  return a === b;
}

function sameMembers(a: JsonObject, b: JsonObject): boolean {
  return a.size === b.size && Array.from(a).every(([key, value]) => sameWhereSet(value, b.get(key)));
}

function sameElements(a: readonly Json[], b: readonly Json[]): boolean {
  return a.length === b.length && a.every((value, i) => sameWhereSet(value, b[i]));
}

function sameWhereSet(a: Json, b: Json | undefined): boolean {
  return b !== undefined && sameJson(a, b);
}

function sameNumber(a: JsonNumber, b: JsonNumber): boolean {
  return a.text === b.text || canonical(a.text) === canonical(b.text);
}

/** The only text of a decimal value: significant digits and an exponent, never the value itself (1e999999999). */
function canonical(number: string): string {
  const [mantissa = "", exponent = "0"] = number.toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.replace("-", "").split(".");
  const digits = (whole + fraction).replace(/^0+/, "");
  let end = digits.length;
  while (digits.charAt(end - 1) === "0") end--;
  if (end === 0) return "0";
  const power = BigInt(exponent) - BigInt(fraction.length) + BigInt(digits.length - end);
  return `${number.startsWith("-") ? "-" : ""}${digits.slice(0, end)}e${power}`;
}
