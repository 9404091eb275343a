/** Families whose own markup holds a name and, behind it, the arguments as a JSON object. */
import { isJsonObject } from "../../json/json.ts";
import { readJson } from "../../json/parse-json.ts";
import { type Found, malformed, matchAt } from "../found.ts";
import { nameBefore } from "../name-before.ts";
import type { Syntax } from "../syntax.ts";

interface Marked {
  readonly syntax: Syntax;
  /** The first group that matched is the name. */
  readonly opening: RegExp;
  /** What must follow the arguments. */
  readonly closing: RegExp;
}

const MARKED: readonly Marked[] = [
  {
    syntax: "function-tag",
    opening: /<function=([^>\s"]{1,128})>\s*(?=\{)/iy,
    closing: /\s*<\/function>/iy,
  },
  {
    syntax: "mistral",
    opening: /\[TOOL_CALLS\]\s*([\w.-]{1,128})\s*(?:\[CALL_ID\][\w-]*)?\s*(?:\[ARGS\])?\s*(?=\{)/y,
    closing: /(?:\s*\[\/TOOL_CALLS\])?/y,
  },
  {
    syntax: "deepseek",
    opening:
      /<[|｜]tool[▁_]call[▁_]begin[|｜]>(?:function<[|｜]tool[▁_]sep[|｜]>([^\s<]{1,128})\s*```(?:json)?\s*|([^\s<]{1,128})<[|｜]tool[▁_]sep[|｜]>\s*)(?=\{)/y,
    closing: /\s*(?:```\s*)?<[|｜]tool[▁_]call[▁_]end[|｜]>/y,
  },
  {
    syntax: "kimi",
    opening:
      /<\|tool_call_begin\|>\s*(?:functions\.)?([^\s<]{1,128}?)(?::\d+)?\s*<\|tool_call_argument_begin\|>\s*(?=\{)/y,
    closing: /\s*<\|tool_call_end\|>/y,
  },
];

/** The call whose markup begins here; undefined for other markup. */
export function readMarked(text: string, at: number): Found | undefined {
  for (const { syntax, opening, closing } of MARKED) {
    const match = matchAt(opening, text, at);
    const name = match?.[1] ?? match?.[2];
    if (match === undefined || name === undefined) continue;
    const reading = readJson(text, at + match[0].length);
    if (reading.kind === "malformed") {
      return malformed(syntax, reading.at, `${reading.problem}, at character ${reading.at + 1}`);
    }
    const closed = matchAt(closing, text, reading.end);
    const { end, value } = reading;
    if (!isJsonObject(value)) return malformed(syntax, end, "arguments that are no object");
    if (closed === undefined) return malformed(syntax, end, "a call that is not closed behind its arguments");
    return { kind: "calls", syntax, end: end + closed[0].length, calls: [{ name, arguments: value }] };
  }
  return undefined;
}

const LINE_BEFORE = /(?:^|[\n;,>`])[ \t]*$/;

/**
 * GLM's `f`, then `{…}` on the next line: the name of a function on offer, and behind it an object.
 * @param at the object's brace
 */
export function readNamed(text: string, at: number, isOffered: (name: string) => boolean): Found | undefined {
  // Mistral's, where the server leaves out what stands before the name.
  const behind = text.endsWith("[ARGS]", at) ? at - "[ARGS]".length : at;
  const { name = "", start = at } = nameBefore(text, behind, true) ?? {};
  if (!isOffered(name) || !LINE_BEFORE.test(text.slice(Math.max(0, start - 40), start))) return undefined;
  const reading = readJson(text, at);
  if (reading.kind === "malformed") {
    const problem = `${reading.problem}, at character ${reading.at + 1}`;
    return { ...malformed("glm", reading.at, problem), start };
  }
  const { end, value } = reading;
  if (!isJsonObject(value)) return undefined;
  // A heading above a call of the common form.
  if (value.size === 2 && isOffered(String(value.get("name"))) && value.has("arguments")) return undefined;
  return { kind: "calls", syntax: "glm", start, end, calls: [{ name, arguments: value }] };
}
