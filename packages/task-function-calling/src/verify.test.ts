import { readFileSync } from "node:fs";
import type { ToolDefinition, Verdict } from "@rrr/core";
import { describe, expect, it } from "vitest";
import type { FunctionCallItem } from "./item.ts";
import { type VerifyMode, verifyFunctionCalls } from "./verify.ts";

interface Case extends FunctionCallItem {
  readonly output: string;
  readonly verdict: "pass" | "fail";
  readonly why: string;
}

const cases = readFileSync(new URL("../fixtures/function-call-cases.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line): Case => ({ query: "", ...JSON.parse(line) }));

describe("the case file", () => {
  it.each(cases)("$verdict: $why", (item) => {
    expect(verifyFunctionCalls(item, item.output).kind).toBe(item.verdict);
  });
});

function verifyOne(parameters: ToolDefinition["parameters"], expected: string, given: string): string {
  const item = {
    query: "",
    tools: [{ name: "f", parameters }],
    expected: `[{"name":"f","arguments":${expected}}]`,
  };
  return told(verifyFunctionCalls(item, `[{"name":"f","arguments":${given}}]`));
}

function told(verdict: Verdict): string {
  if (verdict.kind === "invalid") return `invalid: ${verdict.error.message}`;
  return verdict.kind === "fail" ? `${verdict.code}: ${verdict.detail}` : verdict.kind;
}

function object(properties: object, more: object = {}): ToolDefinition["parameters"] {
  return { type: "object", properties, ...more };
}

describe("defaults", () => {
  const optional = object({ n: { type: "integer", default: 5 }, s: { default: null } });

  it.each([
    ["{}", '{"n": 5.0}', "pass"],
    ['{"n": 5}', "{}", "pass"],
    ["{}", '{"s": null}', "pass"],
    ["{}", '{"n": 6}', 'wrong-arguments: call 1, "f": argument "n" has a wrong value'],
    ['{"n": 6}', "{}", 'wrong-arguments: call 1, "f": argument "n" is missing'],
    ['{"n": 6}', '{"n": 5}', 'wrong-arguments: call 1, "f": argument "n" has a wrong value'],
  ])("expected %s, given %s: %s", (expected, given, verdict) => {
    expect(verifyOne(optional, expected, given)).toBe(verdict);
  });

  it("may stand where a reference points, be it that of the whole", () => {
    const definitions = { N: { type: "integer", default: 5 }, All: object({ n: { $ref: "#/$defs/N" } }) };
    const parameters = { $ref: "#/$defs/All", $defs: definitions };
    expect(verifyOne(parameters, "{}", '{"n": 5}')).toBe("pass");
    expect(verifyOne(parameters, '{"n": 5}', "{}")).toBe("pass");
    expect(verifyOne(parameters, "{}", '{"n": 6}')).toMatch(/^wrong-arguments/);
    const required = {
      ...parameters,
      $defs: { ...definitions, All: { ...definitions.All, required: ["n"] } },
    };
    expect(verifyOne(required, '{"n": 5}', "{}")).toMatch(/^schema/);
  });

  it("that xlam keeps as text are brought to the declared type", () => {
    const asText = object({
      n: { type: "int", default: "5" },
      flag: { type: "bool, optional", default: "True" },
      list: { type: "List[int]", default: "[1, 2]" },
      zip: { type: "str", default: "5" },
      none: { type: "int", default: "" },
    });
    for (const given of ['{"n": 5}', '{"flag": true}', '{"list": [1, 2]}', '{"zip": "5"}']) {
      expect(verifyOne(asText, "{}", given)).toBe("pass");
    }
    for (const given of [
      '{"n": "5"}',
      '{"flag": "True"}',
      '{"list": "[1, 2]"}',
      '{"zip": 5}',
      '{"none": ""}',
    ]) {
      expect(verifyOne(asText, "{}", given)).toMatch(/^schema/);
    }
    expect(verifyOne(asText, "{}", '{"n": 6}')).toMatch(/^wrong-arguments/);
  });

  it("of required and of nested arguments count for nothing", () => {
    const required = object({ n: { default: 5 } }, { required: ["n"] });
    expect(verifyOne(required, '{"n": 5}', "{}")).toBe('schema: call 1, "f": argument "n" is missing');
    const nested = object({ o: object({ n: { default: 5 } }) });
    expect(verifyOne(nested, '{"o": {"n": 5}}', '{"o": {}}')).toBe(
      'wrong-arguments: call 1, "f": argument "o" has a wrong value',
    );
  });
});

describe("numbers", () => {
  it("are integers of any length", () => {
    const id = object({ id: { type: "integer" } });
    expect(verifyOne(id, '{"id": 12345678901234567890}', '{"id": 12345678901234567890.0}')).toBe("pass");
    expect(verifyOne(id, '{"id": 12345678901234567890}', '{"id": 12345678901234567891}')).toMatch(
      /^wrong-arguments/,
    );
  });
});

describe("what is wrong", () => {
  const tools = [
    {
      name: "f",
      parameters: object({ list: { type: "array", items: { type: "integer" } } }, { required: ["list"] }),
    },
    { name: "g", parameters: object({ x: { enum: ["a", "b"] } }, { additionalProperties: false }) },
  ];
  const item = {
    query: "",
    tools,
    expected: [
      { name: "f", arguments: { list: [1, 2] } },
      { name: "g", arguments: { x: "a" } },
    ],
  };
  const f = '{"name": "f", "arguments": {"list": [1, 2]}}';

  it.each([
    [`[{"name": "g", "arguments": {"x": "a"}}, ${f}]`, "pass"],
    ["Hello.", "no-call: no call outside <think>"],
    ["[]", "no-call: an empty list of calls"],
    [`[${f}`, "malformed-json: expected a comma or ], at character 46"],
    [`[${f}, {"name": "h", "arguments": {}}]`, 'unknown-function: no function "h" is on offer'],
    [`[${f}]`, "wrong-count: 1 calls where 2 are wanted"],
    [`[${f}, ${f}]`, 'wrong-count: call 2, "f": another function is wanted'],
    [
      `[${f}, {"name": "g", "arguments": {"x": "b"}}]`,
      'wrong-arguments: call 2, "g": argument "x" has a wrong value',
    ],
    [
      `[${f}, {"name": "g", "arguments": {"x": "c"}}]`,
      'schema: call 2, "g": argument "x" must be equal to one of the allowed values',
    ],
    [`[${f}, {"name": "g", "arguments": {"y": 1}}]`, 'schema: call 2, "g": argument "y" is not known'],
    [
      '[{"name": "f", "arguments": {"list": [1, "2"]}}]',
      'schema: call 1, "f": argument "list" at "1" must be integer',
    ],
    ['[{"name": "f", "arguments": {}}]', 'schema: call 1, "f": argument "list" is missing'],
  ])("%s: %s", (output, verdict) => {
    expect(told(verifyFunctionCalls(item, output))).toBe(verdict);
  });
});

describe("no call wanted", () => {
  const item = { query: "Hello.", tools: [{ name: "f", parameters: {} }], expected: [] };

  it.each([
    ["Hello!", "pass"],
    ["[]", "pass"],
    ['[{"name": "f", "arguments": {}}]', "wrong-count: 1 calls where 0 are wanted"],
    ["[{", "malformed-json: expected a key in double quotes, at character 3"],
  ])("%s: %s", (output, verdict) => {
    expect(told(verifyFunctionCalls(item, output))).toBe(verdict);
  });
});

describe("mode bfcl", () => {
  const item = {
    query: "",
    tools: [
      {
        name: "math.area",
        parameters: {
          type: "dict",
          properties: { r: { type: "float" }, unit: { type: "string" } },
          required: ["r"],
        },
      },
    ],
    expected: [{ "math.area": { r: [2, 2.5], unit: ["m", ""] } }],
  };

  it.each([
    ['[{"name": "math.area", "arguments": {"r": 2.5}}]', "pass"],
    ['[{"name": "math_area", "arguments": {"r": 2, "unit": "M"}}]', "pass"],
    [
      '[{"name": "math.area", "arguments": {"r": 3}}]',
      'wrong-arguments: call 1, "math.area": argument "r" has a wrong value',
    ],
    [
      '[{"name": "math_area", "arguments": {"r": "2"}}]',
      'schema: call 1, "math_area": argument "r" must be number',
    ],
    ['[{"name": "area", "arguments": {"r": 2}}]', 'unknown-function: no function "area" is on offer'],
    ["[math.area(r=2)]", "pass"],
    ["math.area(r=2),", "pass"],
    ["[math.area(r=2)]\n\n# Note: in metres.\n# Always.", "pass"],
    ["[math.area(r=2)]\n\nNote: in metres.", "no-call: no call outside <think>"],
  ])("%s: %s", (output, verdict) => {
    expect(told(verifyFunctionCalls(item, output, { mode: "bfcl" }))).toBe(verdict);
  });

  it("takes no call for silence because a comma or a comment follows", () => {
    for (const output of ["math.area(r=2),", "[math.area(r=2)] # metres"]) {
      const verdict = verifyFunctionCalls({ ...item, expected: [] }, output, { mode: "bfcl" });
      expect(verdict).toMatchObject({ kind: "fail", code: "wrong-count" });
    }
  });
});

describe("an item of BFCL whose answer has no value for an argument", () => {
  const tool = (type: string, required: readonly string[]): ToolDefinition => ({
    name: "f",
    parameters: { type: "dict", properties: { x: { type, items: { type: "string" } } }, required },
  });
  const judge = (type: string, alternatives: readonly unknown[], given: string, required = ["x"]): string =>
    told(
      verifyFunctionCalls(
        { query: "", tools: [tool(type, required)], expected: [{ f: { x: alternatives } }] },
        `[{"name": "f", "arguments": ${given}}]`,
        { mode: "bfcl" },
      ),
    );

  it("means the empty list where one is declared", () => {
    expect(judge("array", [], '{"x": []}')).toBe("pass");
    expect(judge("array", [], '{"x": ["a"]}')).toMatch(/^wrong-arguments/);
    expect(judge("array", [], "{}")).toMatch(/^schema/);
  });

  it("is invalid where nothing could pass", () => {
    expect(judge("integer", [], '{"x": 1}')).toMatch(/^invalid: no value of "f"."x" could ever pass/);
    expect(judge("integer", [""], '{"x": 1}')).toMatch(/^invalid/);
    expect(judge("integer", [""], "{}", [])).toBe("pass");
    expect(judge("string", [""], '{"x": ""}')).toBe("pass");
  });
});

describe("a broken item", () => {
  const f = { name: "f", parameters: {} };

  it.each<[string, VerifyMode, FunctionCallItem["expected"], RegExp]>([
    [
      "text that is no JSON",
      "exact",
      "[",
      /^invalid: expected is no JSON: expected a value, at character 2$/,
    ],
    ["no calls", "exact", [1], /^invalid: expected: call 1: a number where an object must be$/],
    [
      "ground truth in the wrong mode",
      "exact",
      [{ f: { x: [1] } }],
      /^invalid: expected: call 1: an unknown key "f"$/,
    ],
    ["calls in the wrong mode", "bfcl", [{ name: "f", arguments: {} }], /^invalid: ground_truth/],
    [
      "a Map, which JSON.stringify empties",
      "exact",
      [{ name: "f", arguments: new Map([["x", 1]]) }],
      /^invalid: a value that is no JSON/,
    ],
    [
      "a function that is not on offer",
      "exact",
      [{ name: "g", arguments: {} }],
      /^invalid: expected calls "g", which/,
    ],
    [
      "values that are no JSON",
      "exact",
      [{ name: "f", arguments: { x: Number.NaN } }],
      /^invalid: a value that is no JSON/,
    ],
  ])("is never a fail: %s", (_, mode, expected, message) => {
    expect(told(verifyFunctionCalls({ query: "", tools: [f], expected }, "[]", { mode }))).toMatch(message);
  });
});
