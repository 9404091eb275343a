import { data, type Found, malformed, matchAt } from "../found.ts";
import type { Offer } from "../offer.ts";
import { brokenValue, endOfBroken } from "./broken.ts";
import { readJsonCalls } from "./json-values.ts";
import { readNamed } from "./marked.ts";
import { readPythonList } from "./python-calls.ts";

/** Prose may be full of braces: only such a one can begin an object. */
const OBJECT = /\{(?:\{)?\s*["}]/y;
const NO_KEY = "expected a key in double quotes";

/** What follows a value only inside an array or object: its beginning is missing. */
const INSIDE_MORE = /\s*[\]}]/y;

/** Where an empty list is none: a type (`string[]`), a box to tick (`- [ ]`). */
const NO_LIST_BEHIND = /(?:[\p{L}\p{N}_\])]|(?:^|\n)[ \t]*(?:[-*+]|\d+[.)])[ \t])$/u;

/** A bracket that stands in no container. */
export function readBare(text: string, at: number, offer: Offer): Found {
  // LaTeX's, which JSON and Python never write so.
  if (text.charAt(at - 1) === "\\") return data(at + 1);
  if (text.charAt(at) === "{" && matchAt(OBJECT, text, at) === undefined)
    return unread(text, at, at + 1, NO_KEY);
  const other =
    text.charAt(at) === "{" ? readNamed(text, at, offer.isOffered) : readPythonList(text, at, offer);
  const found = other ?? readJsonCalls(text, at, offer);
  if (found.kind === "broken") return unread(text, at, found.at, found.problem);
  if (found.kind === "data") return found;
  const isEmpty = found.kind === "calls" && found.calls.length === 0;
  if (isEmpty && NO_LIST_BEHIND.test(text.slice(Math.max(0, at - 40), at))) return data(found.end);
  if (matchAt(INSIDE_MORE, text, found.end) === undefined) return found;
  const { end } = endOfBroken(text, found.end, 1);
  return malformed("json", end, "a value out of an array or object that never begins");
}

function unread(text: string, at: number, reached: number, problem: string): Found {
  const { end, isMeant } = brokenValue(text, at);
  return isMeant ? malformed("json", end, problem) : data(Math.max(end, reached));
}
