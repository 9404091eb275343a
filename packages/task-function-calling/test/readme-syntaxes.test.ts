import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { SYNTAXES } from "../src/read/syntax.ts";
import { verifyFunctionCalls } from "../src/verify.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const table = readme.slice(readme.indexOf("<!-- syntaxes")).split("\n\n")[1] ?? "";
const rows = table
  .trim()
  .split("\n")
  .slice(2)
  .map((line) => {
    const [, syntax = "", , example = ""] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    return [syntax.replaceAll("`", ""), example.slice(1, -1).replaceAll("\\|", "|")] as const;
  });

const tools = [
  { name: "f", parameters: { type: "object", properties: { x: { type: "integer" } }, required: ["x"] } },
];
const item = { query: "", tools, expected: [{ name: "f", arguments: { x: 1 } }] };

describe("the README's table of syntaxes", () => {
  it("has an example of each", () => {
    expect([...new Set(rows.map(([syntax]) => syntax))]).toEqual([...SYNTAXES, "refused"]);
  });

  const read = rows.filter(([syntax]) => syntax !== "refused");
  it.each(read)("%s: %s", (syntax, example) => {
    expect(verifyFunctionCalls(item, example)).toEqual({ kind: "pass" });
    const [one] = SYNTAXES.filter((name) => name === syntax);
    if (one === undefined) throw new Error(`${syntax} is no syntax`);
    expect(verifyFunctionCalls(item, example, { format: one })).toEqual({ kind: "pass" });
    const other = one === "json" ? "llama" : "json";
    expect(verifyFunctionCalls(item, example, { format: other })).toMatchObject({ code: "malformed-json" });
    expect(verifyFunctionCalls({ ...item, expected: [] }, example)).toMatchObject({ kind: "fail" });
    const wrong = verifyFunctionCalls(item, example.replace(/1(?=[^\d]*$)/, "2"));
    expect(wrong).toMatchObject({ code: "wrong-arguments" });
    const detail = "detail" in wrong ? wrong.detail : "";
    expect(detail?.endsWith(`(read as ${one})`)).toBe(one !== "json");
  });

  it.each(rows.filter(([syntax]) => syntax === "refused"))("%s: %s", (_, example) => {
    for (const expected of [item.expected, []]) {
      expect(verifyFunctionCalls({ ...item, expected }, example)).toMatchObject({ code: "malformed-json" });
    }
  });
});
