import { isJsonArray, isJsonObject, type Json } from "../json/json.ts";
import { parseJson } from "../json/parse-json.ts";
import { once } from "../once.ts";
import { parsePython } from "../python/python-value.ts";
import type { PreparedTool } from "./prepare-tools.ts";
import { isSchemaPart, type SchemaPart } from "./schema-part.ts";

/**
 * What a text stands for in a syntax without types: itself where the schema allows text there, or says nothing;
 * otherwise the value that it spells, if it is of a type that the schema allows.
 */
export function typedValue(tool: PreparedTool | undefined, argument: string, text: string): Json {
  if (tool === undefined) return text;
  const part = argumentSchema(schemaOf(tool), argument);
  const value = allows(part, "string") ? text : spelled(part, text);
  return value === undefined ? text : value;
}

/** The value of one of the schema's types that a text spells, as JSON or as Python. */
export function spelled(part: SchemaPart | boolean, text: string): Json | undefined {
  const reading = parseJson(text);
  const value = reading.kind === "value" ? reading.value : parsePython(text);
  return value !== undefined && typesOf(value).some((type) => allows(part, type)) ? value : undefined;
}

const schemaOf: (tool: PreparedTool) => SchemaPart = once(({ schema }) => JSON.parse(schema));

/** What a normalized schema says of an argument. */
export function argumentSchema(schema: SchemaPart, argument: string): SchemaPart | boolean {
  const { properties, allOf } = schema;
  if (isSchemaPart(properties) && Object.hasOwn(properties, argument)) {
    return properties[argument] as SchemaPart | boolean;
  }
  const parts = Array.isArray(allOf) ? allOf.filter(isSchemaPart) : [];
  return parts.map((part) => argumentSchema(part, argument)).find((part) => part !== true) ?? true;
}

/** Whether a normalized schema allows some value of a type. */
export function allows(part: SchemaPart | boolean, type: string): boolean {
  if (typeof part === "boolean") return part;
  const { type: named, enum: values, anyOf, allOf } = part;
  const names = typeof named === "string" ? [named] : named;
  if (Array.isArray(names) && !names.includes(type) && !(type === "integer" && names.includes("number"))) {
    return false;
  }
  if (Array.isArray(values) && !values.some((value) => plainTypes(value).includes(type))) return false;
  if (Array.isArray(anyOf) && !anyOf.some((one) => allows(one, type))) return false;
  return !Array.isArray(allOf) || allOf.every((one) => allows(one, type));
}

function plainTypes(value: unknown): readonly string[] {
  if (value === null) return ["null"];
  if (Number.isInteger(value)) return ["integer", "number"];
  return [typeof value];
}

function typesOf(value: Json): readonly string[] {
  if (value === null) return ["null"];
  if (isJsonArray(value)) return ["array"];
  if (isJsonObject(value)) return ["object"];
  if (typeof value === "string" || typeof value === "boolean") return [typeof value];
  // 2.0 is a whole number to JSON Schema.
  return ["number", "integer"];
}
