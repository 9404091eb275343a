import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type VerifyMode, verifyFunctionCalls } from "../verify.ts";

const tools = [
  {
    name: "ferry_times",
    parameters: {
      type: "object",
      properties: {
        port: { type: "string" },
        days: { type: "integer" },
        zip: { type: "string" },
        stops: { type: "array", items: { type: "string" } },
        night: { type: "boolean" },
        opt: { anyOf: [{ type: "integer" }, { type: "null" }] },
        fee: { type: "number" },
        o: { type: "object" },
      },
      required: ["port"],
    },
  },
  {
    name: "add_member",
    parameters: {
      type: "object",
      properties: { name: { type: "string" }, age: { type: "integer" } },
      required: ["name"],
    },
  },
  { name: "tide_now", parameters: { type: "object", properties: {} } },
  {
    name: "calc.lcm",
    parameters: {
      type: "object",
      properties: { a: { type: "integer" }, b: { type: "integer" } },
      required: ["a", "b"],
    },
  },
];

interface Case {
  readonly mode: VerifyMode;
  readonly verdict: "pass" | "fail";
  readonly expected: readonly unknown[];
  readonly output: string;
}

const cases = readFileSync(new URL("../../fixtures/syntax-cases.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line): Case => JSON.parse(line));

describe("calls in all syntaxes, and what looks like them", () => {
  it.each(cases)("$mode, $verdict: $output", ({ mode, verdict, expected, output }) => {
    expect(verifyFunctionCalls({ query: "", tools, expected }, output, { mode })).toMatchObject({
      kind: verdict,
    });
  });
});
