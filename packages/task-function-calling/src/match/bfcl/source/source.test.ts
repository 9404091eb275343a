import { describe, expect, it } from "vitest";
import { toPlain } from "../../../json/plain.ts";
import { verifyFunctionCalls } from "../../../verify.ts";
import { readJava } from "./read-java.ts";
import { readJavaScript } from "./read-javascript.ts";

type Example = readonly [type: string, element: string | undefined, text: string, value: unknown];

// What an expression of the language means there, by the language's own rules; the text where it has another type.
const JAVA: readonly Example[] = [
  ["integer", undefined, "007", 7],
  ["integer", undefined, "-5", -5],
  ["integer", undefined, "5L", "5L"],
  ["integer", undefined, "ResultSet.TYPE", "ResultSet.TYPE"],
  ["long", undefined, "5L", 5],
  ["long", undefined, "5", "5"],
  ["float", undefined, "2.5f", 2.5],
  ["float", undefined, "2.5", "2.5"],
  ["double", undefined, "2.5e-1", 0.25],
  ["boolean", undefined, "true", true],
  ["boolean", undefined, "True", "True"],
  ["String", undefined, "a, b", "a, b"],
  ["any", undefined, "5", "5"],
  ["Array", "integer", "new int[]{2, 7}", [2, 7]],
  ["Array", "integer", "new int[] {}", []],
  ["Array", "String", 'new String[]{"a, b", "c"}', ["a, b", "c"]],
  ["Array", "String", 'new String[]{"a", 2, b}', ["a", 2, "b"]],
  ["Array", "any", "durations", "durations"],
  ["Array", "integer", "new int[]{1, 2", "new int[]{1, 2"],
  ["ArrayList", "long", "new ArrayList<>(Arrays.asList(101L, 202L))", [101, 202]],
  ["ArrayList", "String", 'new ArrayList<String>() {{ add("a"); add("b;c"); }}', ["a", "b;c"]],
  ["ArrayList", "any", 'new ArrayList<Object>(Arrays.asList("id", 42, true))', ["id", 42, true]],
  ["ArrayList", "String", "new ArrayList<String>()", []],
  ["ArrayList", "String", "Arrays.asList()", "Arrays.asList()"],
  [
    "HashMap",
    undefined,
    'new HashMap<String, Object>() {{ put("a", 1); put("b", "x, y"); }}',
    { a: 1, b: "x, y" },
  ],
  ["HashMap", undefined, "new HashMap<>()", {}],
  ["HashMap", undefined, "envVariables", "envVariables"],
];
const JAVASCRIPT: readonly Example[] = [
  ["String", undefined, "'a b'", "a b"],
  ["String", undefined, "a b", "a b"],
  ["integer", undefined, "12", 12],
  ["float", undefined, "60", 60],
  ["float", undefined, "1e3", "1e3"],
  ["Bigint", undefined, "123n", 123],
  ["Boolean", undefined, "false", false],
  ["array", "String", "[\"a, b\", 'c']", ["a, b", "c"]],
  ["array", "float", "[10.5, 15]", [10.5, 15]],
  ["array", "float", "new Array(1, 2)", [1, 2]],
  ["array", "any", "[[1, 2], {a: true}]", [[1, 2], { a: true }]],
  ["array", "String", "['2', 2]", ["2", 2]],
  ["array", "String", " labels ", "labels"],
  [
    "dict",
    undefined,
    "{'a': 1, b: \"x: y\", c: [1, 'z'], d: {e: false}}",
    { a: 1, b: "x: y", c: [1, "z"], d: { e: false } },
  ],
  ["dict", undefined, "{}", {}],
  ["dict", undefined, "{a: 1", "{a: 1"],
];

describe("values in a language's own syntax", () => {
  it.each(JAVA)("Java: %s of %s, %s", (type, element, text, value) => {
    expect(toPlain(readJava(text, type, element))).toEqual(value);
  });
  it.each(JAVASCRIPT)("JavaScript: %s of %s, %s", (type, element, text, value) => {
    expect(toPlain(readJavaScript(text, type, element))).toEqual(value);
  });
});

describe("an item of such a category", () => {
  const item = {
    query: "q",
    rules: "java",
    tools: [
      { name: "a.f", parameters: { type: "dict", properties: { n: { type: "long" } }, required: ["n"] } },
    ],
    expected: [{ "a.f": { n: [5] } }],
  } as const;
  const judge = (value: unknown): string => {
    const verdict = verifyFunctionCalls(item, JSON.stringify([{ name: "a_f", arguments: { n: value } }]), {
      mode: "bfcl",
    });
    return verdict.kind === "fail" ? verdict.code : verdict.kind;
  };

  it("wants every argument as text", () => {
    expect(judge("5L")).toBe("pass");
    expect(judge("6L")).toBe("wrong-arguments");
    expect(judge(5)).toBe("schema");
  });

  it("of relevance wants any call of a function on offer", () => {
    const relevant = { ...item, rules: "relevance", expected: [] } as const;
    const verdict = (output: string): string => verifyFunctionCalls(relevant, output, { mode: "bfcl" }).kind;
    expect(verdict('[{"name": "a.f", "arguments": {"n": "any"}}]')).toBe("pass");
    expect(verdict('[{"name": "b.f", "arguments": {}}]')).toBe("fail");
    expect(verdict("I cannot.")).toBe("fail");
    expect(verdict("[]")).toBe("fail");
  });
});
