import { fileURLToPath } from "node:url";
import { take } from "@rrr/core";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, it } from "vitest";
import { functionCalling } from "../function-calling.ts";
import { loadBfcl } from "../load/load-bfcl.ts";
import { PRESETS, type PresetName } from "../presets.ts";
import { toolsShown } from "../tools-shown.ts";
import { toJsonSchema } from "./to-json-schema.ts";

const fixtures = fileURLToPath(new URL("../../fixtures/bfcl/", import.meta.url));
const property = (part: object): unknown => {
  return (toJsonSchema({ type: "dict", properties: { a: part } }).properties as { a: unknown }).a;
};

it.each([
  [
    "dict",
    { type: "dict", properties: { x: { type: "float" } } },
    { type: "object", properties: { x: { type: "number" } } },
  ],
  ["tuple", { type: "tuple", items: { type: "float" } }, { type: "array", items: { type: "number" } }],
  ["a bare tuple", { type: "tuple", description: "d" }, { type: "array", description: "d", items: {} }],
  [
    "a Python tuple",
    { type: "Tuple[int, str]" },
    {
      type: "array",
      prefixItems: [{ type: "integer" }, { type: "string" }],
      items: {},
      minItems: 2,
      maxItems: 2,
    },
  ],
  [
    "the older form of a tuple",
    { type: "array", items: [{ type: "int" }], additionalItems: false },
    { type: "array", prefixItems: [{ type: "integer" }], items: false },
  ],
  ["any", { type: "any", description: "d" }, { description: "d" }],
  ["an empty name", { type: "", default: 1 }, { default: 1 }],
  ["a list of names", { type: ["str", "null"] }, { type: ["string", "null"] }],
  [
    "an optional one",
    { type: "Optional[List[int]]" },
    { anyOf: [{ type: "array", items: { type: "integer" } }, { type: "null" }] },
  ],
  [
    "a list of dicts",
    { type: "list", items: { type: "dict" } },
    { type: "array", items: { type: "object" } },
  ],
  [
    "in a choice",
    { anyOf: [{ type: "float" }, { type: "str" }] },
    { anyOf: [{ type: "number" }, { type: "string" }] },
  ],
  [
    "by name",
    { $ref: "#/$defs/p", $defs: { p: { type: "dict" } } },
    { $ref: "#/$defs/p", $defs: { p: { type: "object" } } },
  ],
  ["required at the argument", { type: "str", required: true }, { type: "string" }],
  ["JSON Schema without a type", { enum: [1, "a"] }, { enum: [1, "a"] }],
])("%s is JSON Schema", (_, given, wanted) => {
  expect(property(given)).toEqual(wanted);
});

it("a bare map of arguments, or nothing, is an object", () => {
  expect(
    toJsonSchema({ q: { type: "str", description: "d" }, n: { type: "int, optional", default: 5 } }),
  ).toEqual({
    type: "object",
    properties: { q: { type: "string", description: "d" }, n: { type: "integer", default: 5 } },
    required: ["q"],
  });
  expect(toJsonSchema({})).toEqual({ type: "object", properties: {}, required: [] });
  expect(toJsonSchema({ type: "dict" })).toEqual({ type: "object", properties: {} });
});

it("a schema without end is cut, and all is compiled by a strict reader of JSON Schema", () => {
  let deep: object = { type: "dict" };
  for (let i = 0; i < 100; i++) deep = { type: "dict", properties: { a: deep } };
  const ajv = new Ajv2020({ strictTypes: true });
  expect(() => ajv.compile(toJsonSchema(deep as never))).not.toThrow();
});

it("what published rows offer is JSON Schema, Java and JavaScript as text", async () => {
  const ajv = new Ajv2020({ strict: false });
  for (const item of await take(loadBfcl(fixtures), 100)) {
    for (const { name, parameters } of toolsShown(item)) {
      expect(ajv.validateSchema(parameters), `${item.id}, ${name}: ${ajv.errorsText()}`).toBe(true);
      expect(parameters).toMatchObject({ type: "object", properties: expect.any(Object) });
      if (item.rules === "java" || item.rules === "javascript") {
        const types = Object.values(parameters.properties as Record<string, { type: string }>).map(
          ({ type }) => type,
        );
        expect(new Set(types)).toEqual(new Set(["string"]));
      }
    }
  }
});

it.each(Object.keys(PRESETS) as PresetName[])(
  "what the preset %s offers stays as it is, to the letter",
  async (preset) => {
    for (const item of await take(functionCalling({ preset }).items("test", 3), 30)) {
      expect(JSON.stringify(toolsShown(item))).toBe(JSON.stringify(item.tools));
    }
  },
);
