import { describe, expect, it } from "vitest";
import { isJsonObject } from "../json/json.ts";
import { fromPlain } from "../json/plain.ts";
import { findViolation } from "./find-violation.ts";
import { prepareTools } from "./prepare-tools.ts";

type Parameters = Readonly<Record<string, unknown>>;

/** What the schema finds wrong with the arguments. */
function violation(parameters: Parameters, given: Parameters): string | undefined {
  const tool = prepareTools([{ name: "f", parameters }]).get("f");
  const json = fromPlain(given);
  if (tool === undefined || !isJsonObject(json)) throw new Error("no tool, or no arguments");
  return findViolation(tool, json);
}

function problem(parameters: Parameters): string {
  try {
    prepareTools([{ name: "f", parameters }]);
    return "none";
  } catch (error) {
    return (error as Error).message.replace('the parameters of "f" are no schema to check by: ', "");
  }
}

function object(properties: object, more: object = {}): Parameters {
  return { type: "object", properties, ...more };
}

describe("schemas as they come", () => {
  const xlam = {
    city: { type: "str", description: "" },
    n: { type: "int", default: 3 },
    all: { type: "bool, optional" },
  };

  it.each<[string, Parameters, Parameters, string | undefined]>([
    ["xlam's arguments", xlam, { city: "Rome" }, undefined],
    ["xlam's required argument", xlam, { n: 1 }, 'argument "city" is missing'],
    ["xlam's types", xlam, { city: "Rome", n: "1" }, 'argument "n" must be integer'],
    ["no parameters", {}, {}, undefined],
    [
      "BFCL's types",
      { type: "dict", properties: { x: { type: "tuple", items: { type: "float" } } } },
      { x: ["a"] },
      'argument "x" at "0" must be number',
    ],
    [
      "several types",
      object({ x: { type: ["string", "null"] } }),
      { x: 1 },
      'argument "x" must be string,null',
    ],
    [
      "flags of draft 4 and OpenAPI 3.0",
      object({ x: { minimum: 0, exclusiveMinimum: true } }),
      { x: -1 },
      'argument "x" must be >= 0',
    ],
    ["nullable", object({ x: { type: "string", nullable: true } }), { x: null }, undefined],
    [
      "const",
      object({ x: { const: "a" } }),
      { x: "b" },
      'argument "x" must be equal to one of the allowed values',
    ],
    ["limits", object({ x: { type: "integer", minimum: 1 } }), { x: 0 }, 'argument "x" must be >= 1'],
    [
      "oneOf",
      object({ x: { oneOf: [{ type: "string" }, { type: "array", items: { type: "string" } }] } }),
      { x: [1] },
      'argument "x" must match a schema in anyOf',
    ],
    [
      "allOf",
      object({ x: { type: "string", allOf: [{ maxLength: 1 }, { minLength: 1 }] } }),
      { x: "ab" },
      'argument "x" must NOT have more than 1 characters',
    ],
    [
      "allOf that repeats a keyword",
      object({ x: { type: "string", allOf: [{ type: "integer" }] } }),
      { x: "a" },
      'argument "x" must be integer',
    ],
    [
      "prefixItems",
      object({ x: { prefixItems: [{ type: "string" }], items: { type: "integer" } } }),
      { x: ["a", "b"] },
      'argument "x" at "1" must be integer',
    ],
    [
      "nested keys",
      object({ "a/b": object({ "~": { type: "string" } }) }),
      { "a/b": { "~": 1 } },
      'argument "a/b" at "~" must be string',
    ],
    [
      "references",
      object({ x: { $ref: "#/$defs/a~1b" } }, { $defs: { "a/b": { type: "string" } } }),
      { x: 1 },
      'argument "x" must be string',
    ],
    ["a recursive reference", object({ x: { $ref: "#" } }), { x: { x: 1 } }, undefined],
    ["false", object({ x: false }), { x: 1 }, 'argument "x" boolean schema is false'],
    [
      "properties by pattern",
      { type: "object", patternProperties: { "^x": {} }, additionalProperties: false },
      { xy: 1 },
      undefined,
    ],
    [
      "names of object members",
      object({ constructor: { type: "string" } }, { required: ["toString"] }),
      {},
      'argument "toString" is missing',
    ],
    [
      "$async",
      { $async: true, ...object({ x: { type: "integer" } }) },
      { x: "a" },
      'argument "x" must be integer',
    ],
    [
      "too few arguments",
      object({}, { minProperties: 1 }),
      {},
      "the arguments must NOT have fewer than 1 properties",
    ],
  ])("%s", (_, parameters, given, expected) => {
    expect(violation(parameters, given)).toBe(expected);
  });

  it.each<[string, Parameters, string]>([
    ["a type that is no name", object({ x: { type: 5 } }), "type must be a list that is not empty"],
    ["types that are no names", object({ x: { type: [5] } }), "type must be a name or a list of names"],
    ["a schema that is none", object({ x: "string" }), "a schema in it is neither an object nor a boolean"],
    ["a limit that is none", object({ x: { minLength: -1 } }), "minLength cannot be -1"],
    ["properties that are a list", { type: "object", properties: [] }, "properties must be an object"],
    ["required that is no list", object({}, { required: true }), "required must be a list of names"],
    ["an empty enum", object({ x: { enum: [] } }), "enum must be a list that is not empty"],
    [
      "a reference out of it",
      object({ x: { $ref: "https://example.org/a" } }),
      '$ref "https://example.org/a" leaves the schema',
    ],
    [
      "a reference to nothing",
      object({ x: { $ref: "#/$defs/toString" } }, { $defs: {} }),
      '$ref "#/$defs/toString" points to nothing',
    ],
    ["a default that is no JSON", object({ x: { default: Number.NaN } }), "a value that is no JSON"],
  ])("refuses %s", (_, parameters, message) => {
    expect(problem(parameters)).toBe(message);
  });
});

describe("hostile schemas", () => {
  /** Milliseconds of processor time. */
  function timed(run: () => void): number {
    const start = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  }

  const doubling = Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => [
      `d${i}`,
      object({ a: { $ref: `#/$defs/d${i + 1}` }, b: { $ref: `#/$defs/d${i + 1}` } }),
    ]),
  );
  let deep: unknown = { type: "string" };
  for (let i = 0; i < 100_000; i++) deep = { anyOf: [deep] };

  it.each<[string, Parameters, string]>([
    [
      "doubling references",
      object({ x: { $ref: "#/$defs/d0" } }, { $defs: doubling }),
      "it is nested deeper than 32",
    ],
    ["deep nesting", object({ x: deep }), "it is nested deeper than 32"],
    [
      "a huge enum",
      object({ x: { enum: Array.from({ length: 100_000 }, (_, i) => i) } }),
      "it lists more than 10000 values",
    ],
    [
      "many names",
      object({}, { required: Array.from({ length: 100_000 }, (_, i) => `p${i}`) }),
      "it lists more than 10000 values",
    ],
    [
      "many properties",
      object(Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`p${i}`, {}]))),
      "it has over 300 schemas, references written out",
    ],
    [
      "types that are long",
      object(
        Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`p${i}`, { type: "List[List[int]]" }])),
      ),
      "it has over 300 schemas, references written out",
    ],
    [
      "many types",
      object({ x: { type: Array.from({ length: 100_000 }, () => "List[int]") } }),
      "it lists more than 10000 values",
    ],
    [
      "many limits",
      object(
        Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`p${i}`, { minimum: i, maximum: i }])),
      ),
      "it has over 300 schemas, references written out",
    ],
  ])("are refused at once: %s", (_, parameters, message) => {
    expect(timed(() => expect(problem(parameters)).toBe(message))).toBeLessThan(100);
  });

  it("are answered without their exponential pattern", () => {
    const parameters = object({ x: { type: "string", pattern: "^(a|a)*$" } });
    expect(
      timed(() => expect(violation(parameters, { x: `${"a".repeat(50)}!` })).toBeUndefined()),
    ).toBeLessThan(100);
  });

  it("are not asked about more values than they can answer quickly", () => {
    const parameters = object({
      x: { type: "array", items: { enum: Array.from({ length: 9_000 }, (_, i) => i) } },
    });
    const given = { x: [...Array.from({ length: 10_000 }, () => 8_999), -1] };
    expect(timed(() => expect(violation(parameters, given)).toBeUndefined())).toBeLessThan(100);
  });
});
