/** Calls as Python writes them: a list of them, one on a line of its own, or one in prose. */

import { readPythonArguments, readPythonCalls } from "../../python/python-call.ts";
import { cursorAt, next } from "../../python/python-value.ts";
import { data, type Found, malformed, matchAt } from "../found.ts";
import { nameBefore } from "../name-before.ts";
import type { Offer } from "../offer.ts";
import { endOfBroken } from "./broken.ts";

const LIST = /\[\s*(?:#[^\n]{0,200}\n\s*)?([\p{L}_][\p{L}\p{N}_.-]{0,127})\s*\(/uy;

/** `[f(a=1), g()]`; undefined where the bracket begins something else. */
export function readPythonList(text: string, at: number, offer: Offer): Found | undefined {
  const name = matchAt(LIST, text, at)?.[1];
  if (name === undefined || offer.wholePython) return undefined;
  const cursor = cursorAt(text, at + 1);
  const reading = readPythonCalls(cursor);
  if (reading.kind === "read" && next(cursor) === "]") {
    const { value: calls } = reading;
    const end = cursor.at + 1;
    // Of functions that are not on offer, only what prose would never write.
    const isMeant = calls.some((call) => offer.isOffered(call.name) || call.arguments.size > 0);
    return isMeant ? { kind: "calls", syntax: "python", end, calls } : data(end);
  }
  const problem = reading.kind === "refused" ? reading.problem : "a list of calls that is not closed";
  if (!offer.isOffered(name)) return data(Math.max(at + 1, cursor.at));
  const { end } = endOfBroken(text, at, 0);
  return malformed("python", Math.max(end, cursor.at), `${problem}, at character ${cursor.at + 1}`);
}

const DEFINED = /(?:\b(?:def|function|class)\s+|\.)$/;
const BLANK_BEFORE = /(?:^|[\n;,>])[ \t`]*(?:[\w.]+[ \t]*=[ \t]*|print\()?$/;
const BLANK_BEHIND = /[ \t`);,]*(?:$|[\n<]|[\p{L}_][\p{L}\p{N}_.]*\()/uy;
const MEANT = /\(\s*(?:[\p{L}_][\p{L}\p{N}_]*\s*=(?!=|\s*\.\.\.)|["'\d[{]|-\d|True\b|False\b|None\b)/uy;

/**
 * `f(a=1)` without brackets, its parenthesis at `at`. A signature, `f()` within a sentence and what is called
 * otherwise are prose.
 */
export function readPythonCall(text: string, at: number, offer: Offer): Found | undefined {
  if (offer.wholePython) return undefined;
  const { name = "", start = at } = nameBefore(text, at, false) ?? {};
  if (!offer.isOffered(name)) return undefined;
  const lead = text.slice(Math.max(0, start - 80), start);
  if (DEFINED.test(lead)) return undefined;
  const cursor = cursorAt(text, at);
  const reading = readPythonArguments(cursor);
  const isAlone = BLANK_BEFORE.test(lead) && matchAt(BLANK_BEHIND, text, cursor.at) !== undefined;
  const extent = { start, isAside: !isAlone };
  if (reading.kind === "refused") {
    if (matchAt(MEANT, text, at) === undefined) return undefined;
    const end = Math.max(at + 1, cursor.at);
    return { ...malformed("python", end, `${reading.problem}, at character ${end}`), ...extent };
  }
  if (reading.value.size === 0 && !isAlone) return undefined;
  const end = cursor.at;
  if (/^\s*[\]}]/.test(text.slice(end, end + 40))) {
    return { ...malformed("python", end, "a list of calls that never begins"), ...extent };
  }
  return { kind: "calls", syntax: "python", end, calls: [{ name, arguments: reading.value }], ...extent };
}
