import { type Json, JsonNumber } from "../../../json/json.ts";
import { splitSource, unquoted } from "./split-source.ts";

const INTEGER = /^-?\d+$/;
const DECIMAL = /^-?\d+(\.\d+)?$/;

/**
 * The value of a JavaScript expression for a parameter of a type; the text itself where it is none of that type, such
 * as the name of a variable.
 * @param element the type of an array's elements
 */
export function readJavaScript(text: string, type: string, element: string | undefined): Json {
  switch (type) {
    case "String":
      return unquoted(text) ?? text;
    case "integer":
      return INTEGER.test(text) ? numberOf(text) : text;
    case "float":
      return DECIMAL.test(text) ? numberOf(text) : text;
    case "Bigint":
      return /^-?\d+n$/.test(text) ? numberOf(text.slice(0, -1)) : text;
    case "Boolean":
      return text === "true" || text === "false" ? text === "true" : text;
    case "array":
      return readArray(text.trim(), element) ?? text.trim();
    case "dict":
      return readObject(text.trim()) ?? text.trim();
    default:
      return text;
  }
}

function readArray(text: string, element: string | undefined): Json | undefined {
  const [, bare, made] = /^(?:\[(.*)\]|new\s+Array\((.*)\))$/s.exec(text) ?? [];
  const elements = bare ?? made;
  if (elements === undefined) return undefined;
  const read = (part: string): Json => {
    const isTyped = element !== undefined && element !== "any" && element !== "String";
    return isTyped && !/^[[{]/.test(part)
      ? (unquoted(part) ?? readJavaScript(part, element, undefined))
      : literal(part);
  };
  return splitSource(elements, ",")?.map(read);
}

function readObject(text: string): Json | undefined {
  const members = splitSource(/^\{(.*)\}$/s.exec(text)?.[1] ?? "?", ",")?.map((member) => {
    const [key = "", ...value] = splitSource(member, ":") ?? [];
    return [unquoted(key) ?? key, value.join(":")] as const;
  });
  if (members?.every(([, value]) => value !== "") !== true) return undefined;
  return new Map(members.map(([key, value]) => [key, literal(value)]));
}

/** A value by its form alone. */
function literal(text: string): Json {
  if (text === "true" || text === "false") return text === "true";
  const quoted = unquoted(text);
  if (quoted !== undefined) return quoted;
  return readArray(text, undefined) ?? readObject(text) ?? (DECIMAL.test(text) ? numberOf(text) : text);
}

/** Without zeros at the front, which JSON numbers cannot have. */
function numberOf(text: string): JsonNumber {
  return new JsonNumber(text.replace(/^(-?)0+(?=\d)/, "$1"));
}
