/** `<tool_call>` and fences: what they hold is read as a whole, so that no part of something broken passes. */
import type { Call } from "../../call.ts";
import { skipBlanks } from "../../json/parse-json.ts";
import { data, type Found, malformed, matchAt } from "../found.ts";
import type { Offer } from "../offer.ts";
import type { Syntax } from "../syntax.ts";
import { brokenValue } from "./broken.ts";
import { readJsonCalls } from "./json-values.ts";
import { readMarked, readNamed } from "./marked.ts";
import { readPythonList } from "./python-calls.ts";
import { readUntyped } from "./untyped.ts";

const BETWEEN = /[\s,;]*/y;
const TAG = /<tool_call>/iy;
const TAG_END = /<\/tool_call>/gi;
const CONTENT = /[{[<]/;

/** A `<tool_call>` up to its end, with however many calls. */
export function readTag(text: string, at: number, offer: Offer): Found {
  const glm = readUntyped(text, at, offer);
  if (glm !== undefined) return glm;
  const start = skipBlanks(text, at + "<tool_call>".length);
  const contents = readContents(text, contentStart(text, start), offer);
  const closed = matchAt(TAG_END, text, contents.end);
  const end = closed === undefined ? text.length : TAG_END.lastIndex;
  if (contents.kind === "malformed") return { ...contents, end };
  if (closed?.index !== skipBlanks(text, contents.end)) {
    return malformed("json", end, "a <tool_call> that is not closed behind its value");
  }
  return contents.kind === "data"
    ? malformed("json", end, "a <tool_call> without a call")
    : { ...contents, end };
}

/** Behind a name in front of an object: `<tool_call>f\n{…}`. */
function contentStart(text: string, start: number): number {
  const name = matchAt(/[\w.-]{1,128}\s*(?=\{)/y, text, start)?.[0] ?? "";
  return start + name.length;
}

/** Values side by side; undefined calls where they are data. */
function readContents(text: string, from: number, offer: Offer): Found {
  const calls: Call[] = [];
  let syntax: Syntax = "json";
  let end = from;
  let isMeant = false;
  for (
    let at = from;
    CONTENT.test(text.charAt(at)) && !text.startsWith("</", at);
    at = skipBetween(text, end)
  ) {
    if (isMeant && offer.strict) {
      return malformed("json", at, `more than one value, at character ${at + 1}`);
    }
    const found = readOne(text, at, offer);
    if (found === undefined || found.kind === "malformed") {
      return found ?? malformed("json", at, `no call, at character ${at + 1}`);
    }
    end = found.end;
    if (found.kind === "data") continue;
    isMeant = true;
    calls.push(...found.calls);
    if (found.syntax !== "json") syntax = found.syntax;
  }
  if (end === from && !isMeant) return malformed("json", from, `expected a value, at character ${from + 1}`);
  return isMeant ? { kind: "calls", syntax, calls, end } : data(end);
}

function skipBetween(text: string, at: number): number {
  return at + (matchAt(BETWEEN, text, at)?.[0].length ?? 0);
}

function readOne(text: string, at: number, offer: Offer): Found | undefined {
  const first = text.charAt(at);
  if (first === "<") return readMarked(text, at) ?? readUntyped(text, at, offer);
  const other = first === "{" ? readNamed(text, at, offer.isOffered) : readPythonList(text, at, offer);
  const found = other ?? readJsonCalls(text, at, offer);
  return found.kind === "broken" ? malformed("json", found.at, found.problem) : found;
}

const INFO = /[^\s`[{<]*/y;
/** Fences that say that they hold JSON, and those whose code may call functions. */
const JSON_INFO = /^(?:json|tool_calls?|function_calls?)$/i;
const CODE_INFO = /^(?:|python3?|py|tool_code|plaintext|text|txt)$/i;

/** A fence; `code`: where what it holds ends that is no JSON, and is to be searched for calls of Python. */
export type FenceFound = Found | { readonly kind: "code"; readonly start: number; readonly end: number };

export function readFence(text: string, at: number, offer: Offer): FenceFound {
  const marks = matchAt(/`+/y, text, at)?.[0] ?? "";
  const inside = at + marks.length;
  const info = matchAt(INFO, text, inside)?.[0] ?? "";
  const start = skipBlanks(text, inside + info.length);
  // Tags count wherever they stand: the fence around them is none of theirs.
  if (matchAt(TAG, text, start) !== undefined || isMarkup(text, start)) return data(start);
  const isJson = JSON_INFO.test(info);
  const list = CODE_INFO.test(info) || isJson ? readPythonList(text, start, offer) : undefined;
  if (!/[[{]/.test(text.charAt(start)) || (info !== "" && !isJson) || list !== undefined) {
    const end = endOfFence(text, inside);
    if (isJson && list === undefined && !isNamed(text, start, offer)) {
      return malformed("json", end ?? inside, "a fence of JSON that begins otherwise");
    }
    if (!CODE_INFO.test(info) && !isJson) return data(end ?? inside);
    // Where there is no fence behind it, it may have been the end of one.
    return end === undefined && info === "" && list === undefined
      ? data(inside)
      : { kind: "code", start, end: end ?? text.length };
  }
  return readJsonFence(text, start, offer, isJson);
}

function readJsonFence(text: string, start: number, offer: Offer, isJson: boolean): Found {
  const contents = readContents(text, start, offer);
  const stop = skipBlanks(text, contents.end);
  const end = endOfFence(text, stop) ?? text.length;
  if (contents.kind === "malformed") {
    const isMeant = isJson || brokenValue(text, start).isMeant;
    return isMeant ? { ...contents, end } : data(end);
  }
  if (!text.startsWith("```", stop)) return malformed("json", end, "a fence not closed behind its value");
  return { ...contents, end };
}

function isMarkup(text: string, at: number): boolean {
  return (
    matchAt(/<(?:function=|invoke\s|function_calls>|tools?>|[|｜])|\[TOOL_CALLS\]/iy, text, at) !== undefined
  );
}

function isNamed(text: string, at: number, { isOffered }: Offer): boolean {
  return isOffered(matchAt(/([\w.-]{1,128})\s*[({]/y, text, at)?.[1] ?? "");
}

function endOfFence(text: string, at: number): number | undefined {
  let end = text.indexOf("```", at);
  if (end < 0) return undefined;
  while (text.charAt(end) === "`") end++;
  return end;
}
