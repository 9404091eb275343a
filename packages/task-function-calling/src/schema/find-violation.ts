import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../json/json.ts";
import { toPlain } from "../json/plain.ts";
import { quote } from "../quote.ts";
import { unescapePointer } from "./follow-ref.ts";
import type { PreparedTool } from "./prepare-tools.ts";

/** Comparisons; beyond them a schema is not asked, so that no pair of schema and output is slow. */
const MAX_COST = 200_000;

/** Validators in a generation. Two are kept: ajv frees nothing of what it compiled but with the whole instance. */
const GENERATION = 200;

/** What of the arguments does not satisfy the tool's schema, if anything: the argument, then the rule. */
export function findViolation({ schema, size }: PreparedTool, given: JsonObject): string | undefined {
  if (size * countValues(given) > MAX_COST) return undefined;
  const validate = validatorFor(schema);
  if (validate(toPlain(given))) return undefined;
  // Of a failed `anyOf`, the error of the whole comes last.
  const error = validate.errors?.at(-1);
  return error === undefined ? undefined : describe(error);
}

const generations: {
  ajv: Ajv;
  young: Map<string, ValidateFunction>;
  old: ReadonlyMap<string, ValidateFunction>;
} = {
  ajv: newAjv(),
  young: new Map(),
  old: new Map(),
};

function validatorFor(schema: string): ValidateFunction {
  const known = generations.young.get(schema) ?? generations.old.get(schema);
  if (known !== undefined) return known;
  if (generations.young.size === GENERATION) {
    generations.old = generations.young;
    generations.young = new Map();
    generations.ajv = newAjv();
  }
  const validate = generations.ajv.compile(JSON.parse(schema));
  generations.young.set(schema, validate);
  return validate;
}

/** Schemas come normalized: checked by the meta-schema, and small enough that optimizing costs more than it saves. */
function newAjv(): Ajv {
  return new Ajv({
    strict: false,
    logger: false,
    meta: false,
    validateSchema: false,
    ownProperties: true,
    code: { optimize: false },
  });
}

function describe({ instancePath, keyword, params, message = "is wrong" }: ErrorObject): string {
  const [, argument, ...inside] = instancePath.split("/").map(unescapePointer);
  if (argument !== undefined) {
    const place = inside.length > 0 ? ` at ${quote(inside.join("/"))}` : "";
    return `argument ${quote(argument)}${place} ${message}`;
  }
  if (keyword === "required") return `argument ${quote(String(params.missingProperty))} is missing`;
  if (keyword === "additionalProperties")
    return `argument ${quote(String(params.additionalProperty))} is not known`;
  return `the arguments ${message}`;
}

function countValues(json: Json): number {
  const inner = isJsonObject(json) ? [...json.values()] : isJsonArray(json) ? json : [];
  return inner.reduce<number>((sum, value) => sum + countValues(value), 1);
}
