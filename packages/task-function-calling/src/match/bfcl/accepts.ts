import { isJsonArray, isJsonObject, type Json, JsonNumber, type JsonObject } from "../../json/json.ts";
import { sameJson } from "../../json/same-json.ts";
import type { SchemaPart } from "../../schema/schema-part.ts";
import { readTypeName } from "../../schema/type-name.ts";
import { listsAlternatives } from "./accepted.ts";
import { sameText } from "./same-text.ts";

/**
 * Whether a value is one of the accepted alternatives. It must be of the same JSON type as the alternative, at every
 * depth: a boolean is no number, and no number is a string.
 */
export function accepts(alternatives: readonly Json[], value: Json, schema: SchemaPart | undefined): boolean {
  if (typeof value === "string" && (typeOf(schema) ?? "string") !== "string") {
    // Where the schema wants no text, an accepted string is an expression of the model's code: `data['sales']`.
    // The "" that marks an argument as optional is no value there.
    return value !== "" && alternatives.includes(value);
  }
  return alternatives.some((alternative) => matches(value, alternative, schema));
}

function matches(value: Json, accepted: Json, schema: SchemaPart | undefined): boolean {
  if (typeof accepted === "string") return typeof value === "string" && sameText(value, accepted);
  if (accepted instanceof JsonNumber)
    return value instanceof JsonNumber && sameNumber(value, accepted, schema);
  if (isJsonArray(accepted)) return isJsonArray(value) && sameElements(value, accepted, schema);
  if (isJsonObject(accepted)) return isJsonObject(value) && sameMembers(value, accepted, schema);
  return value === accepted;
}

/** An integer is accepted for a float (1 for 1.0), a float for an integer (1.0 for 1) is not where one is declared. */
function sameNumber(value: JsonNumber, accepted: JsonNumber, schema: SchemaPart | undefined): boolean {
  const tooWide = isInteger(accepted) && !isInteger(value) && typeOf(schema) === "integer";
  return !tooWide && sameJson(value, accepted);
}

function isInteger({ text }: JsonNumber): boolean {
  return !/[.eE]/.test(text);
}

function sameElements(
  value: readonly Json[],
  accepted: readonly Json[],
  schema: SchemaPart | undefined,
): boolean {
  const items = subschema(schema, "items");
  return (
    value.length === accepted.length &&
    accepted.every((element, i) => {
      const given = value[i];
      return given !== undefined && matches(given, element, items);
    })
  );
}

function sameMembers(value: JsonObject, accepted: JsonObject, schema: SchemaPart | undefined): boolean {
  if (!listsAlternatives(accepted)) return sameJson(value, accepted);
  const properties = subschema(schema, "properties");
  return (
    [...value.keys()].every((key) => accepted.has(key)) &&
    [...accepted].every(([key, alternatives]) => {
      const given = value.get(key);
      return given === undefined
        ? alternatives.includes("")
        : accepts(alternatives, given, subschema(properties, key));
    })
  );
}

/** What the schema's type is in JSON Schema; undefined for any, several or none. */
function typeOf(schema: SchemaPart | undefined): unknown {
  return typeof schema?.type === "string" ? readTypeName(schema.type).type : undefined;
}

/** A part of a schema that is a schema, or holds schemas, itself. */
export function subschema(schema: SchemaPart | undefined, key: string): SchemaPart | undefined {
  const part = schema !== undefined && Object.hasOwn(schema, key) ? schema[key] : undefined;
  return typeof part === "object" && part !== null ? (part as SchemaPart) : undefined;
}
