import { describe, expect, it } from "vitest";
import { functionCallSchema } from "./item.ts";

const validate = functionCallSchema["~standard"].validate;
const tools = [{ name: "f", parameters: {} }];

describe("the item schema", () => {
  it.each([[[]], ["[]"], ['[{"f": {"x": [12345678901234567890]}}]']])(
    "takes an item, expected %j",
    async (expected) => {
      const item = { query: "Do it.", tools, expected };
      expect(await validate(item)).toEqual({ value: item });
    },
  );

  it.each([
    [null, 'an item must be {"query": …, "tools": […], "expected": …}, got null'],
    [{ tools, expected: [] }, "query must be text, got undefined"],
    [{ query: "", tools: {}, expected: [] }, "tools must be a list of functions, got {}"],
    [
      { query: "", tools: [{ name: "f" }], expected: [] },
      'tools[0] must be {"name": …, "parameters": {…}}, got {"name":"f"}',
    ],
    [{ query: "", tools: [...tools, ...tools], expected: [] }, 'tools[1] is a second "f"'],
    [{ query: "", tools }, "expected must be a list of calls, or one as JSON text, got undefined"],
    [
      { query: "", tools, expected: "[1" },
      'expected must be JSON: expected a comma or ], at character 3 of "[1"',
    ],
  ])("refuses %j", async (item, message) => {
    expect((await validate(item)).issues?.map((issue) => issue.message)).toEqual([message]);
  });
});
