import { type Json, JsonNumber, type JsonObject } from "./json.ts";

/** Caps, so that no text costs more than its length: containers inside each other, and characters. */
export const MAX_JSON_DEPTH = 64;
const MAX_JSON_LENGTH = 2 ** 20;
const MAX_NUMBER_LENGTH = 1000;

/** A JSON value and where it ends in the text, or the first thing that makes it none. */
export type JsonReading =
  | { readonly kind: "value"; readonly value: Json; readonly end: number }
  | {
      readonly kind: "malformed";
      readonly problem: string;
      /** Where the problem is, in characters from the start of the text. */
      readonly at: number;
    };

/**
 * Reads a whole text as JSON, by RFC 8259 to the letter: no NaN, trailing commas, raw control characters or duplicate
 * keys (by their meaning: `"a"` and `"\u0061"` are the same). Numbers keep their text.
 */
export function parseJson(text: string): JsonReading {
  const reading = readJson(text, 0);
  if (reading.kind === "malformed") return reading;
  const end = skipBlanks(text, reading.end);
  if (end === text.length) return { ...reading, end };
  return { kind: "malformed", problem: "expected nothing after the value", at: end };
}

/** Reads the JSON value that starts at `at` or behind blanks there; whatever follows it is left alone. */
export function readJson(text: string, at: number): JsonReading {
  const reader: Reader = { text, at, depth: 0, problem: undefined };
  if (text.length - at > MAX_JSON_LENGTH) refuse(reader, `over ${MAX_JSON_LENGTH} characters`);
  const value = reader.problem === undefined ? readValue(reader) : undefined;
  return value === undefined
    ? { kind: "malformed", problem: reader.problem ?? "no value", at: reader.at }
    : { kind: "value", value, end: reader.at };
}

/** Where the next character is that JSON does not take for white space. */
export function skipBlanks(text: string, at: number): number {
  let end = at;
  while (isBlank(text.charCodeAt(end))) end++;
  return end;
}

interface Reader {
  readonly text: string;
  at: number;
  depth: number;
  problem: string | undefined;
}

const NO_KEY = "expected a key in double quotes";
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WORDS = new Map<string, Json>([
  ["t", true],
  ["f", false],
  ["n", null],
]);
const ESCAPES = new Map([
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

function isBlank(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9;
}

/** Skips white space and returns the character there; empty at the end of the text. */
function next(reader: Reader): string {
  reader.at = skipBlanks(reader.text, reader.at);
  return reader.text.charAt(reader.at);
}

function refuse(reader: Reader, problem: string): undefined {
  reader.problem = problem;
}

function readValue(reader: Reader): Json | undefined {
  const first = next(reader);
  if (first === '"') return readString(reader);
  if (first !== "[" && first !== "{") return WORDS.has(first) ? readWord(reader, first) : readNumber(reader);
  if (reader.depth === MAX_JSON_DEPTH) return refuse(reader, `nested deeper than ${MAX_JSON_DEPTH}`);
  reader.depth++;
  reader.at++;
  const value = first === "[" ? readArray(reader) : readObject(reader);
  if (value !== undefined) reader.depth--;
  return value;
}

function readArray(reader: Reader): readonly Json[] | undefined {
  const elements: Json[] = [];
  if (next(reader) !== "]") {
    while (true) {
      const value = readValue(reader);
      if (value === undefined) return undefined;
      elements.push(value);
      const separator = next(reader);
      if (separator === "]") break;
      if (separator !== ",") return refuse(reader, "expected a comma or ]");
      reader.at++;
    }
  }
  reader.at++;
  return elements;
}

function readObject(reader: Reader): JsonObject | undefined {
  // Before there is a Map: prose may be full of braces.
  if (next(reader) !== "}" && next(reader) !== '"') return refuse(reader, NO_KEY);
  const members = new Map<string, Json>();
  while (next(reader) !== "}") {
    if (!readMember(reader, members)) return undefined;
    if (next(reader) === "}") break;
    if (next(reader) !== ",") return refuse(reader, "expected a comma or }");
    reader.at++;
    if (next(reader) !== '"') return refuse(reader, NO_KEY);
  }
  reader.at++;
  return members;
}

/** Reads a key, which begins here, and its value. @returns false where it is refused. */
function readMember(reader: Reader, members: Map<string, Json>): boolean {
  const start = reader.at;
  const key = readString(reader);
  if (key === undefined) return false;
  if (members.has(key)) {
    reader.at = start;
    refuse(reader, "a key twice in one object");
    return false;
  }
  if (next(reader) !== ":") {
    refuse(reader, "expected a colon");
    return false;
  }
  reader.at++;
  const value = readValue(reader);
  if (value !== undefined) members.set(key, value);
  return value !== undefined;
}

function readString(reader: Reader): string | undefined {
  const { text } = reader;
  let read = "";
  let start = ++reader.at;
  for (; reader.at < text.length; reader.at++) {
    const code = text.charCodeAt(reader.at);
    if (code === 34) return read + text.slice(start, reader.at++);
    if (code < 32) return refuse(reader, "expected the rest of a string");
    if (code !== 92) continue;
    const unescaped = readEscape(reader);
    if (unescaped === undefined) return refuse(reader, "expected an escape of JSON");
    read += text.slice(start, reader.at) + unescaped;
    reader.at += text.charAt(reader.at + 1) === "u" ? 5 : 1;
    start = reader.at + 1;
  }
  return refuse(reader, "expected the rest of a string");
}

/** What the escape at the reader's place stands for; the place stays. */
function readEscape({ text, at }: Reader): string | undefined {
  const letter = text.charAt(at + 1);
  if (letter !== "u") return ESCAPES.get(letter);
  const hex = text.slice(at + 2, at + 6);
  return /^[0-9a-fA-F]{4}$/.test(hex) ? String.fromCharCode(Number.parseInt(hex, 16)) : undefined;
}

function readNumber(reader: Reader): JsonNumber | undefined {
  const start = reader.at;
  NUMBER.lastIndex = start;
  if (!NUMBER.test(reader.text)) return refuse(reader, "expected a value");
  if (NUMBER.lastIndex - start > MAX_NUMBER_LENGTH) {
    return refuse(reader, `a number of over ${MAX_NUMBER_LENGTH} characters`);
  }
  reader.at = NUMBER.lastIndex;
  return new JsonNumber(reader.text.slice(start, reader.at));
}

function readWord(reader: Reader, first: string): Json | undefined {
  const value = WORDS.get(first);
  const word = String(value);
  if (!reader.text.startsWith(word, reader.at)) return refuse(reader, "expected a value");
  reader.at += word.length;
  return value;
}
