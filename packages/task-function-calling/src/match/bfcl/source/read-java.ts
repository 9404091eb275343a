import { type Json, JsonNumber } from "../../../json/json.ts";
import { splitSource, unquoted } from "./split-source.ts";

const INTEGER = /^-?\d+$/;
const DECIMAL = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * The value of a Java expression for a parameter of a type; the text itself where it is none of that type, such as the
 * name of a variable.
 * @param element the type of an array's or list's elements
 */
export function readJava(text: string, type: string, element: string | undefined): Json {
  switch (type) {
    case "byte":
    case "short":
    case "integer":
      return INTEGER.test(text) ? numberOf(text) : text;
    case "long":
      return /^-?\d+[lL]$/.test(text) ? numberOf(text.slice(0, -1)) : text;
    case "float":
      return /[fF]$/.test(text) && DECIMAL.test(text.slice(0, -1)) ? numberOf(text.slice(0, -1)) : text;
    case "double":
      return DECIMAL.test(text) ? numberOf(text) : text;
    case "boolean":
      return text === "true" || text === "false" ? text === "true" : text;
    case "Array":
      return listOf(/^new\s+\w+\s*\[\s*\]\s*\{(.*)\}$/s.exec(text.trim())?.[1], element) ?? text;
    case "ArrayList":
      return readList(text.trim(), element) ?? text;
    case "HashMap":
      return readMap(text.trim()) ?? text;
    default:
      return text;
  }
}

function readList(text: string, element: string | undefined): Json | undefined {
  const [, argument = "", block = ""] = /^new\s+ArrayList<[^>]*>\s*\((.*?)\)\s*(\{.*\})?$/s.exec(text) ?? [];
  if (block !== "") return listOf(additions(block, "add")?.join(), element);
  if (argument === "" && !/^new\s+ArrayList<[^>]*>\s*\(\s*\)$/.test(text)) return undefined;
  if (argument === "") return [];
  return listOf(/^Arrays\.asList\((.*)\)$/s.exec(argument.trim())?.[1], element);
}

function readMap(text: string): Json | undefined {
  const [whole, block = "{}"] = /^new\s+HashMap<[^(]*>\s*\(\s*\)\s*(\{.*\})?$/s.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const members = additions(block, "put")?.map((put) => splitSource(put, ","));
  if (members === undefined || members.some((member) => member?.length !== 2)) return undefined;
  return new Map(members.map(([key = "", value = ""] = []) => [unquoted(key) ?? key, literal(value)]));
}

/** The arguments of each call in an initializer, `{{ add(1); add(2); }}`. */
function additions(block: string, method: string): readonly string[] | undefined {
  const inner = /^\{\s*(?:\{(.*)\})?\s*\}$/s.exec(block)?.[1] ?? "";
  const calls = splitSource(inner, ";")?.map(
    (call) => new RegExp(`^${method}\\s*\\((.*)\\)$`, "s").exec(call)?.[1],
  );
  return calls?.every((call) => call !== undefined) ? calls : undefined;
}

function listOf(elements: string | undefined, type: string | undefined): Json | undefined {
  if (elements === undefined) return undefined;
  const isTyped = type !== undefined && type !== "any" && type !== "String";
  return splitSource(elements, ",")?.map((element) =>
    isTyped ? (unquoted(element) ?? readJava(element, type, undefined)) : literal(element),
  );
}

/** A value by its form alone. */
function literal(text: string): Json {
  if (text === "true" || text === "false") return text === "true";
  const plain = text.replace(/(?<=\d)[lLfFdD]$/, "");
  return unquoted(text) ?? (DECIMAL.test(plain) ? numberOf(plain) : text);
}

/** Without zeros at the front, which JSON numbers cannot have. */
function numberOf(text: string): JsonNumber {
  return new JsonNumber(text.replace(/^(-?)0+(?=\d)/, "$1"));
}
