import fc from "fast-check";
import { parse } from "mathjs/number";
import { describe, expect, it } from "vitest";
import { evaluate, parseExpression } from "../src/expression.ts";
import { verifyCountdown } from "../src/verify.ts";
import { almostExpression, expressionText } from "./expressions.ts";
import { readByOracle } from "./oracle.ts";

/** What the package makes of a text, in the oracle's words. */
function readByPackage(text: string): ReturnType<typeof readByOracle> {
  const parsed = parseExpression(text);
  if (parsed === undefined) return undefined;
  const value = evaluate(parsed.expression);
  const numbers = parsed.numbers.map(BigInt);
  if (value === undefined) return { numbers, value };
  const oracle = readByOracle(text)?.value;
  // The package does not reduce: compare crosswise, then speak of the reduced one.
  const same = oracle && value.numerator * oracle[1] === value.denominator * oracle[0];
  return { numbers, value: same ? oracle : [value.numerator, value.denominator] };
}

describe("the expression parser agrees with an independent exact oracle", () => {
  it("on expressions", () => {
    fc.assert(
      fc.property(expressionText, (text) => {
        expect(readByPackage(text)).toEqual(readByOracle(text));
        expect(parseExpression(text)).toBeDefined();
      }),
      { numRuns: 5_000, seed: 1 },
    );
  });

  it("on text that is mostly no expression", () => {
    fc.assert(
      fc.property(almostExpression, (text) => {
        expect(readByPackage(text)).toEqual(readByOracle(text));
      }),
      { numRuns: 20_000, seed: 2 },
    );
  });

  it("in the verdict: the same expression passes for its value, and for no other target", () => {
    fc.assert(
      fc.property(expressionText, fc.integer({ min: -50, max: 50 }), (text, other) => {
        fc.pre(text.length <= 512);
        const { numbers, value } = readByOracle(text) ?? { numbers: [], value: undefined };
        const whole = value !== undefined && value[1] === 1n ? Number(value[0]) : undefined;
        fc.pre(whole === undefined || Number.isSafeInteger(whole));
        const completion = `<think>hm</think><answer>${text}</answer>`;
        const given = numbers.map(Number);
        for (const target of whole === undefined ? [other] : [whole, other]) {
          const { kind } = verifyCountdown({ numbers: given, target }, completion);
          expect(kind).toBe(target === whole ? "pass" : "fail");
        }
        const more = { numbers: [...given, 1], target: whole ?? other };
        expect(verifyCountdown(more, completion)).toMatchObject({ code: "wrong-numbers" });
      }),
      { numRuns: 3_000, seed: 3 },
    );
  });
});

describe("mathjs as a second opinion", () => {
  it("reads as an expression all that the parser does, with the same value in floating point", () => {
    fc.assert(
      fc.property(expressionText, (text) => {
        const parsed = parseExpression(text);
        const value = parsed && evaluate(parsed.expression);
        fc.pre(value !== undefined);
        const float: unknown = parse(text).compile().evaluate();
        const exact = Number(value?.numerator) / Number(value?.denominator);
        fc.pre(Number.isFinite(exact) && Number.isFinite(float));
        expect(Math.abs((float as number) - exact)).toBeLessThanOrEqual(1e-6 * (1 + Math.abs(exact)));
      }),
      { numRuns: 1_000, seed: 4 },
    );
  });
});
