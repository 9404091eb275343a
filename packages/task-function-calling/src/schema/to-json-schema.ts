/**
 * Schemas of arguments as servers accept them: an object of JSON Schema (2020-12), whatever the types were called. What
 * is JSON Schema already stays as it is, to the letter.
 */
import { fromArgumentList, isArgumentList } from "./argument-list.ts";
import { isSchemaPart, type SchemaPart } from "./schema-part.ts";
import { anyOf, readTypeName } from "./type-name.ts";

const TYPES: ReadonlySet<unknown> = new Set([
  "string",
  "number",
  "integer",
  "boolean",
  "null",
  "array",
  "object",
]);
/** Keywords whose value is a schema, a list of schemas, or schemas by name. */
const OF_ONE: readonly string[] = ["items", "additionalProperties", "additionalItems", "not", "contains"];
const OF_LIST: readonly string[] = ["anyOf", "oneOf", "allOf", "prefixItems"];
const OF_NAMES: readonly string[] = ["properties", "patternProperties", "$defs", "definitions"];

/** Deeper schemas are no schemas of arguments: the verifier refuses them. */
const MAX_DEPTH = 32;

/** The schema of a tool's arguments, for a server. @param parameters as `normalizeSchema` takes them */
export function toJsonSchema(parameters: SchemaPart): SchemaPart {
  const root = isArgumentList(parameters) ? fromArgumentList(parameters) : parameters;
  const schema = convert(root, 0);
  if (schema.type === "object" && isSchemaPart(schema.properties)) return schema;
  return { ...schema, type: "object", properties: schema.properties ?? {} };
}

function convert(schema: SchemaPart, depth: number): SchemaPart {
  if (depth > MAX_DEPTH) return {};
  const inner = (part: unknown): unknown => (isSchemaPart(part) ? convert(part, depth + 1) : part);
  const converted: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(withNamedType(schema))) {
    if (OF_ONE.includes(key)) converted[key] = Array.isArray(value) ? value.map(inner) : inner(value);
    else if (OF_LIST.includes(key) && Array.isArray(value)) converted[key] = value.map(inner);
    else if (OF_NAMES.includes(key) && isSchemaPart(value)) {
      converted[key] = Object.fromEntries(
        Object.entries(value).map(([name, part]) => [name, inner(part)] as const),
      );
    } else converted[key] = value;
  }
  return withTuple(converted);
}

/** With the type's name as JSON Schema has it; what the schema says itself is more than what a name says. */
function withNamedType(schema: SchemaPart): SchemaPart {
  const { type, required, ...others } = schema;
  // Some formats mark each argument as required or not; JSON Schema lists the names, one level up.
  const listed = required === undefined || Array.isArray(required) ? { required } : {};
  const names: readonly unknown[] = Array.isArray(type) ? type : [type];
  if (type === undefined || names.every((name) => TYPES.has(name))) {
    return required === undefined || "required" in listed ? schema : { ...others, ...typeOf(type) };
  }
  const known = names.filter((name): name is string => typeof name === "string").map(readTypeName);
  const named = known.length === 1 ? (known[0] ?? {}) : anyOf(known);
  return { ...named, ...others, ...(listed.required !== undefined && listed) };
}

function typeOf(type: unknown): SchemaPart {
  return type === undefined ? {} : { type };
}

/** A list of schemas for the first elements is called `prefixItems` today; servers want arrays to have `items`. */
function withTuple(schema: SchemaPart): SchemaPart {
  const { items, additionalItems, ...others } = schema;
  if (Array.isArray(items)) return { ...others, prefixItems: items, items: additionalItems ?? {} };
  return others.type === "array" && items === undefined ? { ...schema, items: {} } : schema;
}
