/**
 * Python literals as the JSON that they plainly mean: text, numbers, True, False, None, lists, tuples, dicts with text
 * for keys. Nothing is computed: names, calls, sums, sets and f-strings are refused.
 */
import { type Json, JsonNumber, type JsonObject } from "../json/json.ts";
import { readPythonText } from "./python-text.ts";

/** A place in a text, moved by whoever reads there. */
export interface Cursor {
  readonly text: string;
  at: number;
  depth: number;
  /** What a name that is no literal stands for; by default nothing. */
  readonly expression: (
    text: string,
    at: number,
  ) => { readonly value: Json; readonly end: number } | undefined;
}

const MAX_DEPTH = 64;
const MAX_NUMBER_LENGTH = 1000;

const NUMBER =
  /-?(?:(?:0|[1-9](?:_?[0-9])*)(?:\.(?:[0-9](?:_?[0-9])*)?)?|\.[0-9](?:_?[0-9])*)(?:[eE][+-]?[0-9]+)?/y;
const WORD = /[\p{L}_][\p{L}\p{N}_]*/uy;
const WORDS = new Map<string, Json>([
  ["True", true],
  ["False", false],
  ["None", null],
  // No Python, but what models write in it, and it can mean nothing else.
  ["true", true],
  ["false", false],
  ["null", null],
]);

export function cursorAt(
  text: string,
  at: number,
  expression: Cursor["expression"] = () => undefined,
): Cursor {
  return { text, at, depth: 0, expression };
}

/** Skips blanks and comments. @returns the character there; empty at the end. */
export function next(cursor: Cursor): string {
  const { text } = cursor;
  while (true) {
    const letter = text.charAt(cursor.at);
    if (letter === "#") {
      const end = text.indexOf("\n", cursor.at);
      cursor.at = end < 0 ? text.length : end;
    } else if (letter === " " || letter === "\n" || letter === "\t" || letter === "\r") cursor.at++;
    else return letter;
  }
}

/** A whole text as a literal; undefined where it is none. */
export function parsePython(text: string): Json | undefined {
  const cursor = cursorAt(text, 0);
  const value = readPythonValue(cursor);
  return value !== undefined && next(cursor) === "" ? value : undefined;
}

/** The literal at the cursor, which then stands behind it; undefined where there is none. */
export function readPythonValue(cursor: Cursor): Json | undefined {
  const first = next(cursor);
  if (first === "[" || first === "(" || first === "{") return readContainer(cursor, first);
  const string = readPythonText(cursor.text, cursor.at);
  if (string !== undefined) {
    cursor.at = string.end;
    // Two literals side by side are one to Python: a missing comma to whoever reads it.
    return /["']/.test(next(cursor)) ? undefined : string.text;
  }
  return readNumber(cursor) ?? readWord(cursor);
}

function readContainer(cursor: Cursor, opening: string): Json | undefined {
  if (++cursor.depth > MAX_DEPTH) return undefined;
  cursor.at++;
  const value =
    opening === "{" ? readDict(cursor) : readElements(cursor, opening === "[" ? "]" : ")", opening === "(");
  cursor.depth--;
  return value;
}

/** @param isTuple parentheses around one value without a comma are none */
function readElements(cursor: Cursor, closing: string, isTuple: boolean): Json | undefined {
  const elements: Json[] = [];
  let commas = 0;
  while (next(cursor) !== closing) {
    if (elements.length > commas) return undefined;
    const value = readPythonValue(cursor);
    if (value === undefined) return undefined;
    elements.push(value);
    if (next(cursor) !== ",") continue;
    cursor.at++;
    commas++;
  }
  cursor.at++;
  return isTuple && elements.length === 1 && commas === 0 ? elements[0] : elements;
}

function readDict(cursor: Cursor): JsonObject | undefined {
  const members = new Map<string, Json>();
  while (next(cursor) !== "}") {
    const key = readPythonText(cursor.text, cursor.at);
    if (key === undefined || members.has(key.text)) return undefined;
    cursor.at = key.end;
    if (next(cursor) !== ":") return undefined;
    cursor.at++;
    const value = readPythonValue(cursor);
    if (value === undefined) return undefined;
    members.set(key.text, value);
    if (next(cursor) === ",") cursor.at++;
    else if (next(cursor) !== "}") return undefined;
  }
  cursor.at++;
  return members;
}

function readNumber(cursor: Cursor): JsonNumber | undefined {
  NUMBER.lastIndex = cursor.at;
  const [written] = NUMBER.exec(cursor.text) ?? [];
  if (written === undefined || written.length > MAX_NUMBER_LENGTH) return undefined;
  const end = cursor.at + written.length;
  if (/[\w.]/.test(cursor.text.charAt(end))) return undefined; // 0x1F, 007, 2j, 1.2.3
  cursor.at = end;
  const digits = written.replaceAll("_", "").replace(/\.(?![0-9])/, ".0");
  return new JsonNumber(digits.replace(/^(-?)\./, "$10."));
}

function readWord(cursor: Cursor): Json | undefined {
  const found = cursor.expression(cursor.text, cursor.at);
  if (found !== undefined) {
    cursor.at = found.end;
    return found.value;
  }
  WORD.lastIndex = cursor.at;
  const word = WORD.exec(cursor.text)?.[0] ?? "";
  const value = WORDS.get(word);
  if (value !== undefined) cursor.at += word.length;
  return value;
}
