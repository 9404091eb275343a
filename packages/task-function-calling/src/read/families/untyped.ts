/** Families that write every value as text between tags: its type is the schema's to say. */
import type { Json } from "../../json/json.ts";
import { type Found, malformed, matchAt } from "../found.ts";
import type { Offer } from "../offer.ts";
import type { Syntax } from "../syntax.ts";

interface Untyped {
  readonly syntax: Syntax;
  /** Groups: the name. */
  readonly opening: RegExp;
  /** Groups: the argument, and for DSML whether its text is text. What follows, up to `valueEnd`, is the value. */
  readonly argument: RegExp;
  readonly valueEnd: RegExp;
  readonly closing: RegExp;
}

const UNTYPED: readonly Untyped[] = [
  {
    syntax: "qwen-xml",
    opening: /<function=([^>\s"]{1,128})>\s*(?=<parameter=|<\/function>)/iy,
    argument: /\s*<parameter=([^>\n]{1,128})>/iy,
    valueEnd: /<\/parameter>/gi,
    closing: /\s*<\/function>/iy,
  },
  {
    syntax: "invoke",
    opening: /<(?:｜DSML｜)?invoke\s+name="([^"\n]{1,128})"\s*>/iy,
    argument: /\s*<(?:｜DSML｜)?parameter\s+name="([^"\n]{1,128})"(?:\s+string="(true|false)")?\s*>/iy,
    valueEnd: /<\/(?:｜DSML｜)?parameter>/gi,
    closing: /\s*<\/(?:｜DSML｜)?invoke>/iy,
  },
  {
    syntax: "glm",
    opening: /<tool_call>\s*([\w.-]{1,128})\s*(?=<arg_key>|<\/tool_call>)/iy,
    argument: /\s*<arg_key>\s*([^<\n]{1,128}?)\s*<\/arg_key>\s*<arg_value>/iy,
    valueEnd: /<\/arg_value>/gi,
    closing: /\s*<\/tool_call>/iy,
  },
];

/** The call whose markup begins here; undefined for other markup. */
export function readUntyped(text: string, at: number, offer: Offer): Found | undefined {
  for (const family of UNTYPED) {
    const match = matchAt(family.opening, text, at);
    if (match?.[1] !== undefined) return readArguments(text, at + match[0].length, match[1], family, offer);
  }
  return undefined;
}

function readArguments(text: string, from: number, name: string, family: Untyped, offer: Offer): Found {
  const { syntax, argument, valueEnd, closing } = family;
  const given = new Map<string, Json>();
  let at = from;
  while (true) {
    const match = matchAt(argument, text, at);
    const key = match?.[1];
    if (match === undefined || key === undefined) break;
    const start = at + match[0].length;
    const ending = matchAt(valueEnd, text, start);
    if (ending === undefined) return malformed(syntax, start, "an argument that is not closed");
    if (given.has(key)) return malformed(syntax, start, `the argument ${JSON.stringify(key)} twice`);
    const value = text
      .slice(start, ending.index)
      .replace(/^\r?\n/, "")
      .replace(/\r?\n$/, "");
    given.set(key, match[2]?.toLowerCase() === "true" ? value : offer.valueOf(name, key, value));
    at = valueEnd.lastIndex;
  }
  const closed = matchAt(closing, text, at);
  if (closed === undefined) return malformed(syntax, at, "a call that is not closed behind its arguments");
  return { kind: "calls", syntax, end: at + closed[0].length, calls: [{ name, arguments: given }] };
}
