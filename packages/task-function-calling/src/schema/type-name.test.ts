import { describe, expect, it } from "vitest";
import { readTypeName, saysOptional } from "./type-name.ts";

describe("readTypeName", () => {
  it.each([
    ["string", { type: "string" }],
    ["str", { type: "string" }],
    ["str, optional", { type: "string" }],
    ["int, default=5", { type: "integer" }],
    ["float", { type: "number" }],
    ["bool", { type: "boolean" }],
    ["None", { type: "null" }],
    ["dict", { type: "object" }],
    ["Dict[str, float]", { type: "object", additionalProperties: { type: "number" } }],
    ["list", { type: "array" }],
    ["List[int]", { type: "array", items: { type: "integer" } }],
    ["typing.List[List[str]]", { type: "array", items: { type: "array", items: { type: "string" } } }],
    ["tuple", { type: "array" }],
    ["Tuple[int, ...]", { type: "array", items: { type: "integer" } }],
    [
      "Tuple[int, str]",
      { type: "array", items: [{ type: "integer" }, { type: "string" }], minItems: 2, maxItems: 2 },
    ],
    ["set", { type: "array" }],
    ["Optional[int]", { type: ["integer", "null"] }],
    ["Union[int, str]", { type: ["integer", "string"] }],
    ["int | None", { type: ["integer", "null"] }],
    ["Union[int, List[str]]", { anyOf: [{ type: "integer" }, { type: "array", items: { type: "string" } }] }],
    ["any", {}],
    ["Callable[[float], float]", {}],
    ["datetime", {}],
    ["", {}],
    ["List[", {}],
    [`${"List[".repeat(50)}int${"]".repeat(50)}`, {}],
  ])("reads %s", (text, schema) => {
    expect(readTypeName(text)).toEqual(schema);
  });
});

describe("saysOptional", () => {
  it.each(["str, optional", "Optional[str]", "int, default=5", "str, default='a, b'"])("hears %s", (type) => {
    expect(saysOptional(type)).toBe(true);
  });

  it.each(["str", "List[int]", "Dict[str, optionally]"])("hears nothing in %s", (type) => {
    expect(saysOptional(type)).toBe(false);
  });
});
