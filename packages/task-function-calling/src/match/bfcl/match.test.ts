import type { ToolDefinition } from "@rrr/core";
import { describe, expect, it } from "vitest";
import { readCalls } from "../../read/read-calls.ts";
import { parseAccepted } from "./accepted.ts";
import { matchBfcl } from "./match.ts";

function tool(name: string, properties: object, required: readonly string[] = []): ToolDefinition {
  return { name, parameters: { type: "dict", properties, required } };
}

const tools: readonly ToolDefinition[] = [
  tool(
    "math.f",
    {
      n: { type: "integer" },
      x: { type: "float" },
      text: { type: "string" },
      flag: { type: "boolean" },
      list: { type: "array", items: { type: "string" } },
      counts: { type: "array", items: { type: "integer" } },
      point: { type: "tuple", items: { type: "float" } },
      dict: { type: "dict", properties: { min: { type: "integer" } } },
      any: { type: "any" },
    },
    [],
  ),
  tool("g", { n: { type: "integer" }, must: { type: "boolean" } }, ["must"]),
];

/** The code and detail of the verdict on arguments of `math.f`, or "pass". */
function verdict(accepted: object, given: string): string {
  return judge([{ "math.f": accepted }], `[{"name": "math.f", "arguments": ${given}}]`);
}

function judge(accepted: unknown, output: string, on: readonly ToolDefinition[] = tools): string {
  const reading = readCalls(output);
  if (reading.kind === "fail") return reading.code;
  const mismatch = matchBfcl(reading.calls, parseAccepted(accepted), on);
  return mismatch === undefined ? "pass" : `${mismatch.code}: ${mismatch.detail}`;
}

describe("matchBfcl", () => {
  it.each([
    ["an alternative", { n: [1, 2] }, '{"n": 2}'],
    ["an integer for a float", { x: [5.0] }, '{"x": 5}'],
    ["a float written otherwise", { x: [1200] }, '{"x": 1.2e3}'],
    ["case, spaces and punctuation", { text: ["April 1, 2024"] }, '{"text": "april 1 2024"}'],
    ["a number as text", { text: ["3.10"] }, '{"text": "3.10"}'],
    ["either quote", { text: ["it's"] }, '{"text": "it\\"s"}'],
    ["digits grouped", { text: ["1,000 km"] }, '{"text": "1000km"}'],
    ["an optional argument left out", { n: [1], x: ["", 2.5] }, '{"n": 1}'],
    ["an optional argument spelled out", { n: [1], x: ["", 2.5] }, '{"n": 1, "x": 2.5}'],
    ["an optional text that is empty", { text: ["", "a"] }, '{"text": ""}'],
    ["strings of a list", { list: [["New York", "Rome"]] }, '{"list": ["new york", "ROME"]}'],
    ["a tuple as a list, integers in it", { point: [[1.5, 2.0]] }, '{"point": [1.5, 2]}'],
    ["a dict's alternatives", { dict: [{ min: [1, 2], max: ["", 9] }] }, '{"dict": {"min": 2}}'],
    ["a dict in a dict", { dict: [{ a: [{ b: [1, 2] }] }] }, '{"dict": {"a": {"b": 2}}}'],
    ["a plain dict in a dict", { dict: [{ a: [{ b: 1, c: "x" }] }] }, '{"dict": {"a": {"c": "x", "b": 1}}}'],
    ["a list of dicts", { list: [[{ k: ["a", "b"] }, { k: ["c"] }]] }, '{"list": [{"k": "b"}, {"k": "C"}]}'],
    ["an expression where no text is wanted", { counts: ["data['x']"] }, '{"counts": "data[\'x\']"}'],
    ["an answer against its own schema", { text: ["", true], x: ["", null] }, '{"text": true, "x": null}'],
    ["an argument that the schema does not know", { other: [1] }, '{"other": 1}'],
    ["any type, text", { any: ["My Data"] }, '{"any": "my_data"}'],
  ])("passes %s", (_, accepted, given) => {
    expect(verdict(accepted, given)).toBe("pass");
  });

  it.each([
    ["another value", { n: [1, 2] }, '{"n": 3}', "n"],
    ["true for 1", { n: [1] }, '{"n": true}', "n"],
    ["1 for true", { flag: [true] }, '{"flag": 1}', "flag"],
    ["true for 1 in a list", { counts: [[1]] }, '{"counts": [true]}', "counts"],
    ["true for 1 in a dict", { dict: [{ min: [1] }] }, '{"dict": {"min": true}}', "dict"],
    ["text for a number", { n: [1] }, '{"n": "1"}', "n"],
    ["a number for text", { text: ["1"] }, '{"text": 1}', "text"],
    ["a float for an integer", { n: [5] }, '{"n": 5.0}', "n"],
    ["a fraction", { n: [5] }, '{"n": 5.5}', "n"],
    ["an empty text for an optional number", { n: ["", 1] }, '{"n": ""}', "n"],
    ["an empty text for an optional list", { list: ["", ["a"]] }, '{"list": ""}', "list"],
    ["an empty list for an optional one", { list: ["", ["a"]] }, '{"list": []}', "list"],
    ["null", { n: ["", 1] }, '{"n": null}', "n"],
    ["punctuation for other punctuation", { text: [","] }, '{"text": "-"}', "text"],
    ["blanks for an optional text", { text: ["", "a"] }, '{"text": " "}', "text"],
    ["another version", { text: ["3.10"] }, '{"text": "3.1"}', "text"],
    ["a number with another fraction", { text: ["123456"] }, '{"text": "123456.0"}', "text"],
    ["a point that makes another number", { text: ["25"] }, '{"text": "2.5"}', "text"],
    ["a sign that makes another number", { text: ["5"] }, '{"text": "-5"}', "text"],
    ["a longer text", { text: ["abc"] }, '{"text": "abcd"}', "text"],
    ["a shorter text", { text: ["abc"] }, '{"text": "ab"}', "text"],
    ["an expression in other case", { counts: ["data['x']"] }, '{"counts": "DATA[\'x\']"}', "counts"],
    ["a list in another order", { list: [["a", "b"]] }, '{"list": ["b", "a"]}', "list"],
    ["a list's beginning", { list: [["a", "b"]] }, '{"list": ["a"]}', "list"],
    ["a list with more", { list: [["a"]] }, '{"list": ["a", "a"]}', "list"],
    ["a list for its element", { text: ["a"] }, '{"text": ["a"]}', "text"],
    ["an element for its list", { list: [["a"]] }, '{"list": "a"}', "list"],
    ["a nested key that is missing", { dict: [{ min: [1], max: [2] }] }, '{"dict": {"min": 1}}', "dict"],
    ["a nested key too many", { dict: [{ min: [1] }] }, '{"dict": {"min": 1, "max": 2}}', "dict"],
    ["a nested plain dict that differs", { dict: [{ a: [{ b: 1 }] }] }, '{"dict": {"a": {"b": 2}}}', "dict"],
    ["a prototype's key", { dict: [{ min: [1] }] }, '{"dict": {"min": 1, "__proto__": 1}}', "dict"],
    ["anything where nothing is accepted", { n: [] }, '{"n": 1}', "n"],
  ])("fails %s", (_, accepted, given, key) => {
    expect(verdict(accepted, given)).toBe(
      `wrong-arguments: call 1, "math.f": argument "${key}" has a wrong value`,
    );
  });

  it("compares integers of any length exactly", () => {
    const accepted = '[{"math.f": {"n": [12345678901234567890]}}]';
    expect(judge(accepted, '{"name": "math.f", "arguments": {"n": 12345678901234567890}}')).toBe("pass");
    expect(judge(accepted, '{"name": "math.f", "arguments": {"n": 12345678901234567891}}')).toContain('"n"');
  });

  it("says which argument is missing or not wanted", () => {
    expect(verdict({ n: [1], x: [2.5] }, '{"n": 1}')).toContain('argument "x" is missing');
    expect(verdict({ n: [1] }, '{"n": 1, "x": 2.5}')).toContain('argument "x" is not wanted');
  });

  it("wants a required argument even where it is marked as optional", () => {
    expect(judge([{ g: { must: [true, ""] } }], '{"name": "g", "arguments": {}}')).toContain(
      '"must" is missing',
    );
  });

  it("takes underscores for the dots of a name unless another tool could be meant", () => {
    const output = '{"name": "math_f", "arguments": {"n": 1}}';
    const accepted = [{ "math.f": { n: [1] } }];
    expect(judge(accepted, output)).toBe("pass");
    expect(judge(accepted, output, [...tools, tool("math_f", {})])).toContain("another function is wanted");
    const twins = [tool("a.b_c", {}), tool("a_b.c", {})];
    expect(judge([{ "a.b_c": {} }], '{"name": "a_b_c", "arguments": {}}', twins)).toMatch(
      /^unknown-function/,
    );
  });

  it("tells a wrong function and a wrong count from wrong arguments", () => {
    expect(judge([{ g: { must: [true] } }], '{"name": "h", "arguments": {}}')).toBe(
      'unknown-function: no function "h" is on offer',
    );
    expect(verdict({}, '{}}, {"name": "g", "arguments": {}')).toBe("wrong-count: 2 calls where 1 are wanted");
    expect(judge([{ g: { must: [true] } }], '{"name": "math.f", "arguments": {}}')).toBe(
      'wrong-count: call 1, "math.f": another function is wanted',
    );
  });
});

describe("parallel calls", () => {
  const call = (n: number): object => ({ name: "math.f", arguments: { n } });

  it("match in any order, where the greedy way fails too", () => {
    const accepted = [{ "math.f": { n: [1, 2] } }, { "math.f": { n: [1] } }];
    expect(judge(accepted, JSON.stringify([call(1), call(2)]))).toBe("pass");
    expect(judge(accepted, JSON.stringify([call(2), call(1)]))).toBe("pass");
    expect(judge(accepted, JSON.stringify([call(2), call(2)]))).toContain('call 2, "math.f": argument "n"');
  });

  it("are found by moving a whole chain of calls", () => {
    const accepted = Array.from({ length: 64 }, (_, i) => ({ "math.f": { n: i === 63 ? [0] : [i, i + 1] } }));
    expect(judge(accepted, JSON.stringify(Array.from({ length: 64 }, (_, i) => call(i))))).toBe("pass");
  });

  it("stay cheap at the cap, with texts as long as an output may have", () => {
    const texts = [`${"-".repeat(400)}a`, "b"];
    const accepted = Array.from({ length: 64 }, () => ({ "math.f": { text: texts } }));
    const given = { name: "math.f", arguments: { text: `${" ".repeat(400)}c` } };
    const output = JSON.stringify(Array.from({ length: 64 }, () => given));
    judge(accepted, output);
    const start = process.cpuUsage();
    expect(judge(accepted, output)).toContain("wrong value");
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1000).toBeLessThan(500);
  });
});
