import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "./json.ts";
import { parseJson } from "./parse-json.ts";
import { sameJson } from "./same-json.ts";

function read(text: string): Json {
  const reading = parseJson(text);
  if (reading.kind === "malformed") throw new Error(`${text}: ${reading.problem}`);
  return reading.value;
}

describe("sameJson", () => {
  it.each([
    ["1", "1.0"],
    ["1", "10e-1"],
    ["1", "0.01E+2"],
    ["0", "-0.000e5"],
    ["-120", "-1.2e2"],
    ["1e999999999", "10e999999998"],
    ["12345678901234567890", "1234567890123456789e1"],
    ['{"a":1,"b":[2]}', '{"b":[2.0],"a":1}'],
    ['"\\u0061"', '"a"'],
    ["null", "null"],
  ])("holds %s and %s for the same", (a, b) => {
    expect(sameJson(read(a), read(b))).toBe(true);
    expect(sameJson(read(b), read(a))).toBe(true);
  });

  it.each([
    ["1", '"1"'],
    ["1", "true"],
    ["0", "false"],
    ["0", "null"],
    ["1", "-1"],
    ["0.3", "0.30000000000000004"],
    ["12345678901234567890", "12345678901234567891"],
    ["9007199254740993", "9007199254740992"],
    ["1e999999999", "1e999999998"],
    ["[1,2]", "[2,1]"],
    ["[1]", "[1,1]"],
    ["[]", "{}"],
    ['{"a":1}', '{"a":1,"b":null}'],
    ['{"a":1,"b":2}', '{"a":1,"c":2}'],
    ['"a"', '"A"'],
    ['""', "null"],
  ])("tells %s from %s", (a, b) => {
    expect(sameJson(read(a), read(b))).toBe(false);
    expect(sameJson(read(b), read(a))).toBe(false);
  });

  it("compares numbers as BigInt does", () => {
    const number = fc.record({
      digits: fc.bigInt({ min: -1000n, max: 1000n }),
      zeros: fc.nat(3),
      exponent: fc.nat(4),
    });
    fc.assert(
      fc.property(number, number, (a, b) => {
        const [first, second] = [a, b].map(({ digits, zeros, exponent }) => ({
          value: digits * 10n ** BigInt(exponent),
          text: `${digits}${zeros > 0 ? `.${"0".repeat(zeros)}` : ""}e${exponent}`,
        }));
        if (first === undefined || second === undefined) return;
        expect(sameJson(read(first.text), read(second.text))).toBe(first.value === second.value);
      }),
    );
  });
});
