/**
 * Foreign JSON Schemas, made safe to compile and cheap to run. What is kept can only name the argument that is wrong:
 * whether a call is right is decided by the expected values, so that everything hostile can be left out or refused.
 * - `$ref`s are written out; a recursive one allows anything, and one that leaves the schema is refused.
 * - Kept: types, properties, required, items, enum, const, limits, anyOf and allOf. oneOf becomes anyOf.
 * - Left out: `pattern` and `patternProperties` (exponential), `uniqueItems` (quadratic, and it would round numbers),
 *   `format`, `not`, `if`, `contains`, dependencies, `$async`, `$data`, `$id`.
 */
import { RrrError } from "@rrr/core";
import { fromArgumentList, isArgumentList } from "./argument-list.ts";
import { followRef } from "./follow-ref.ts";
import { isSchemaPart, type SchemaPart } from "./schema-part.ts";
import { anyOf, readTypeName } from "./type-name.ts";

/** Schemas within one another, schemas in all, and listed values and names in all: compiling stays under 100 ms. */
const MAX_DEPTH = 32;
const MAX_SCHEMAS = 300;
const MAX_VALUES = 10_000;

/** A schema that is JSON, small, and free of everything that the comment above leaves out. */
export interface NormalSchema {
  readonly schema: SchemaPart;
  /** Schemas and enum values in it: what a value costs to check, at most. */
  readonly size: number;
  /** Declared for arguments that are not required. */
  readonly defaults: ReadonlyMap<string, unknown>;
}

/**
 * @param parameters JSON Schema with the type names of BFCL and Python too, or xlam's list of arguments.
 * @throws RrrError `bad-item` for a schema that is malformed, too large or too deep.
 */
export function normalizeSchema(parameters: SchemaPart): NormalSchema {
  const root = isArgumentList(parameters) ? fromArgumentList(parameters) : parameters;
  const walk: Walk = { root, schemas: 0, values: 0, refs: [] };
  const schema = normalize(root, walk, 0) as SchemaPart; // A boolean only for a boolean.
  return { schema, size: walk.schemas + walk.values, defaults: defaultsOf(root) };
}

function defaultsOf(root: SchemaPart): ReadonlyMap<string, unknown> {
  const { properties = {}, required = [] } = withTarget(root, root);
  const defaults = new Map<string, unknown>();
  for (const [name, part] of Object.entries(properties as SchemaPart)) {
    const { default: value } = isSchemaPart(part) ? withTarget(part, root) : {};
    if (value !== undefined && !(required as unknown[]).includes(name)) defaults.set(name, value);
  }
  return defaults;
}

/** A schema with what its `$ref` says too: generators of schemas put even the whole there. */
function withTarget(schema: SchemaPart, root: SchemaPart): SchemaPart {
  let whole = schema;
  for (let hops = 0; hops < MAX_DEPTH && typeof whole.$ref === "string"; hops++) {
    const { $ref, ...others } = whole;
    const target = followRef($ref as string, root);
    if (isSchemaPart(target)) whole = { ...target, ...others };
    else return others;
  }
  return whole;
}

interface Walk {
  readonly root: SchemaPart;
  schemas: number;
  values: number;
  /** Those under way, from the root down. */
  readonly refs: string[];
}

/** Normalizes a schema one level down. */
type Inner = (part: unknown) => SchemaPart | boolean;

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
const LIMITS: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ["minimum", Number.isFinite],
  ["maximum", Number.isFinite],
  ["exclusiveMinimum", Number.isFinite],
  ["exclusiveMaximum", Number.isFinite],
  ["minLength", isCount],
  ["maxLength", isCount],
  ["minItems", isCount],
  ["maxItems", isCount],
  ["minProperties", isCount],
  ["maxProperties", isCount],
]);

function normalize(schema: unknown, walk: Walk, depth: number): SchemaPart | boolean {
  if (typeof schema === "boolean") return schema;
  if (!isSchemaPart(schema)) throw bad("a schema in it is neither an object nor a boolean");
  if (depth > MAX_DEPTH) throw bad(`it is nested deeper than ${MAX_DEPTH}`);
  if (++walk.schemas > MAX_SCHEMAS) throw bad(`it has over ${MAX_SCHEMAS} schemas, references written out`);
  const inner: Inner = (part) => normalize(part, walk, depth + 1);
  const parts: (SchemaPart | boolean)[] = [
    toType(schema.type, walk, inner),
    toLimits(schema, walk),
    toValues(schema, walk),
    toObjectPart(schema, walk, inner),
    toArrayPart(schema, inner),
  ];
  if (typeof schema.$ref === "string") parts.push(followed(schema.$ref, walk, inner));
  for (const key of ["anyOf", "oneOf"] as const) {
    if (Object.hasOwn(schema, key)) parts.push({ anyOf: listed(schema[key], key).map(inner) });
  }
  if (Object.hasOwn(schema, "allOf")) parts.push(...listed(schema.allOf, "allOf").map(inner));
  const whole = joined(parts);
  return schema.nullable === true ? { anyOf: [whole, { type: "null" }] } : whole;
}

/** One schema where no keyword occurs twice. */
function joined(parts: readonly (SchemaPart | boolean)[]): SchemaPart {
  const telling = parts.filter((part) => typeof part === "boolean" || Object.keys(part).length > 0);
  const keys = telling.flatMap((part) => (typeof part === "boolean" ? ["", ""] : Object.keys(part)));
  return new Set(keys).size === keys.length ? Object.assign({}, ...telling) : { allOf: telling };
}

function toType(type: unknown, walk: Walk, inner: Inner): SchemaPart | boolean {
  if (type === undefined) return {};
  const names = typeof type === "string" ? [type] : listed(type, "type");
  count(walk, names);
  if (!names.every((name) => typeof name === "string")) throw bad("type must be a name or a list of names");
  const named = names.length === 1 ? readTypeName(names[0] ?? "") : anyOf(names.map(readTypeName));
  // What a name says beyond a plain type is a schema as any other, and counts as such.
  return Object.keys(named).some((key) => key !== "type") ? inner(named) : named;
}

function toLimits(schema: SchemaPart, walk: Walk): SchemaPart {
  // Draft 4 and OpenAPI 3.0 have booleans beside `minimum` and `maximum`: without them the rule is only laxer.
  const isFlag = (key: string, value: unknown): boolean =>
    key.startsWith("exclusive") && typeof value === "boolean";
  const set = Object.entries(schema).filter(([key, value]) => LIMITS.has(key) && !isFlag(key, value));
  const wrong = set.find(([key, value]) => LIMITS.get(key)?.(value) !== true);
  walk.schemas += set.length / 2; // Compiling one costs about half a schema.
  if (wrong === undefined) return Object.fromEntries(set);
  throw bad(`${wrong[0]} cannot be ${JSON.stringify(wrong[1])}`);
}

/** Only scalars: to compare others is expensive. */
function toValues(schema: SchemaPart, walk: Walk): SchemaPart {
  const values = Object.hasOwn(schema, "const") ? [schema.const] : schema.enum;
  if (values === undefined) return {};
  const list = listed(values, "enum");
  count(walk, list);
  return list.every((value) => value === null || typeof value !== "object") ? { enum: list } : {};
}

function toObjectPart(schema: SchemaPart, walk: Walk, inner: Inner): SchemaPart {
  const { properties = {}, required = [], additionalProperties: others = true, patternProperties } = schema;
  if (!isSchemaPart(properties)) throw bad("properties must be an object");
  if (!Array.isArray(required) || !required.every((name) => typeof name === "string")) {
    throw bad("required must be a list of names");
  }
  count(walk, required);
  const entries = Object.entries(properties).map(([name, part]) => [name, inner(part)] as const);
  return {
    ...(entries.length > 0 && { properties: Object.fromEntries(entries) }),
    ...(required.length > 0 && { required: [...new Set(required)] }),
    ...(others !== true && patternProperties === undefined && { additionalProperties: inner(others) }),
  };
}

/** Tuples are written as `prefixItems` since 2020-12, as a list of `items` before; the latter is what ajv takes. */
function toArrayPart(schema: SchemaPart, inner: Inner): SchemaPart {
  const modern = schema.prefixItems !== undefined;
  const first = modern ? schema.prefixItems : schema.items;
  const others = modern ? schema.items : schema.additionalItems;
  if (first === undefined) return {};
  if (!Array.isArray(first)) return { items: inner(first) };
  return { items: first.map(inner), ...(others !== undefined && { additionalItems: inner(others) }) };
}

function followed(ref: string, walk: Walk, inner: Inner): SchemaPart | boolean {
  if (walk.refs.includes(ref)) return true;
  walk.refs.push(ref);
  const target = inner(followRef(ref, walk.root));
  walk.refs.pop();
  return target;
}

function count(walk: Walk, values: readonly unknown[]): void {
  walk.values += values.length;
  if (walk.values > MAX_VALUES) throw bad(`it lists more than ${MAX_VALUES} values`);
}

function listed(value: unknown, keyword: string): readonly unknown[] {
  if (Array.isArray(value) && value.length > 0) return value;
  throw bad(`${keyword} must be a list that is not empty`);
}

function bad(problem: string): RrrError {
  return new RrrError("bad-item", problem);
}
