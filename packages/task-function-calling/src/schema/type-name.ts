import type { SchemaPart } from "./schema-part.ts";

/** Longer type names than any in use are not read, so that reading stays cheap. */
const MAX_LENGTH = 200;

const SCALARS = new Map<string, string>([
  ["str", "string"],
  ["string", "string"],
  ["char", "string"],
  ["int", "integer"],
  ["integer", "integer"],
  ["byte", "integer"],
  ["short", "integer"],
  ["long", "integer"],
  ["bigint", "integer"],
  ["float", "number"],
  ["double", "number"],
  ["number", "number"],
  ["bool", "boolean"],
  ["boolean", "boolean"],
  ["none", "null"],
  ["nonetype", "null"],
  ["null", "null"],
]);
const LISTS: ReadonlySet<string> = new Set([
  ...["list", "array", "sequence", "iterable", "set", "frozenset"],
  ...["arraylist", "queue", "stack"],
]);
const DICTS: ReadonlySet<string> = new Set(["dict", "object", "mapping", "hashmap", "hashtable"]);
const UNIONS: ReadonlySet<string> = new Set(["union", "optional"]);

/**
 * The JSON Schema of a type as JSON Schema, BFCL, xlam, Python or Java name it: `string`, `dict`, `List[int]`,
 * `Optional[str]`, `int | None`. What follows a comma ("str, optional") is no part of the type. A name that says
 * nothing about the JSON (`any`, `Callable[…]`, unknown ones) allows anything.
 */
export function readTypeName(text: string): SchemaPart {
  const [type = ""] = text.length > MAX_LENGTH ? [] : split(text, ",");
  const choices = split(type, "|");
  return choices.length > 1 ? anyOf(choices.map(readTypeName)) : readOne(type);
}

/** Whether a type as xlam writes it says that the argument may be left out: "str, optional", "int, default=5". */
export function saysOptional(type: string): boolean {
  return /\b(?:optional|default)\b/i.test(type);
}

function readOne(type: string): SchemaPart {
  const [, written = "", inner] = /^\s*(?:typing\.)?(\w+)\s*(?:\[(.*)\])?\s*$/s.exec(type) ?? [];
  const name = written.toLowerCase();
  const scalar = SCALARS.get(name);
  if (scalar !== undefined) return { type: scalar };
  const of = inner === undefined ? [] : split(inner, ",");
  if (LISTS.has(name)) return listOf(of[0]);
  if (name === "tuple") return of.length < 2 || of[1]?.trim() === "..." ? listOf(of[0]) : tupleOf(of);
  if (DICTS.has(name)) return dictOf(of[1]);
  if (!UNIONS.has(name) || of.length === 0) return {};
  return anyOf([...of.map(readTypeName), ...(name === "optional" ? [{ type: "null" }] : [])]);
}

function listOf(element: string | undefined): SchemaPart {
  return element === undefined ? { type: "array" } : { type: "array", items: readTypeName(element) };
}

function tupleOf(elements: readonly string[]): SchemaPart {
  const { length } = elements;
  return { type: "array", items: elements.map(readTypeName), minItems: length, maxItems: length };
}

function dictOf(value: string | undefined): SchemaPart {
  return value === undefined
    ? { type: "object" }
    : { type: "object", additionalProperties: readTypeName(value) };
}

/** A schema for values that satisfy one of several; in one word where that says it. */
export function anyOf(choices: readonly SchemaPart[]): SchemaPart {
  const plain = choices.every((one) => typeof one.type === "string" && Object.keys(one).length === 1);
  return plain ? { type: [...new Set(choices.map(({ type }) => type))] } : { anyOf: choices };
}

/** The parts between separators that are in no brackets. */
function split(text: string, separator: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const letter = text.charAt(i);
    if (letter === "[") depth++;
    else if (letter === "]") depth--;
    else if (letter === separator && depth === 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  return [...parts, text.slice(start)];
}
