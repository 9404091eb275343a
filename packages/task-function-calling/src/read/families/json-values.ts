import type { Json } from "../../json/json.ts";
import { readJson, skipBlanks } from "../../json/parse-json.ts";
import { isMeantAsCalls, toCalls } from "../call-shape.ts";
import { data, type Found, malformed, matchAt } from "../found.ts";
import type { Offer } from "../offer.ts";

/** What is no JSON at all, and where it breaks off. */
export type Broken = { readonly kind: "broken"; readonly at: number; readonly problem: string };

/** A JSON value in an output: one that is meant as calls is read as such, another is data. */
export function readJsonCalls(text: string, at: number, offer: Offer): Found | Broken {
  const reading = readDoubled(text, at, offer) ?? readJson(text, at);
  if (reading.kind === "malformed") {
    return { kind: "broken", at: reading.at, problem: `${reading.problem}, at character ${reading.at + 1}` };
  }
  if (!isMeantAsCalls(reading.value, offer)) return data(reading.end);
  const list = toCalls(reading.value, offer);
  return list.kind === "malformed"
    ? malformed("json", reading.end, list.problem)
    : { ...list, end: reading.end };
}

/** `{{"name": …}}`: a template's doubled braces, which Qwen's models learnt to write. */
function readDoubled(
  text: string,
  at: number,
  { strict }: Offer,
): { readonly kind: "value"; readonly value: Json; readonly end: number } | undefined {
  if (strict || !text.startsWith("{{", at) || matchAt(DOUBLED, text, at) === undefined) return undefined;
  const reading = readJson(text, at + 1);
  if (reading.kind === "malformed") return undefined;
  const end = skipBlanks(text, reading.end);
  return text.charAt(end) === "}" ? { ...reading, end: end + 1 } : undefined;
}

const DOUBLED = /\{\{\s*"/y;
