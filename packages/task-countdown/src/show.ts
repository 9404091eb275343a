import type { Shown, ShownRow } from "@rrr/core";
import { extractAnswer } from "./answer.ts";
import { type Expression, evaluate, parseExpression } from "./expression.ts";
import type { CountdownItem } from "./item.ts";
import { readNotation } from "./notation.ts";
import { equals, type Rational } from "./rational.ts";
import { solve } from "./solve.ts";
import { drawTree } from "./tree.ts";

/** A search among more numbers takes too long to be looked at. */
const MOST_SOLVED = 5;
/** As the verifier's: longer answers are no expression of these numbers. */
const MOST_READ = 512;
/** More would be too small to read. */
const MOST_DRAWN = 12;

/** The problem in words, with one right answer. */
export function showItem(item: CountdownItem): Shown {
  const { numbers, target } = item;
  const solution = numbers.length > MOST_SOLVED ? undefined : (solve(item) ?? "there is none");
  return {
    description: `Make ${target} of ${numbers.join(", ")}, each used once.`,
    ...(solution === undefined ? {} : { rows: [["a right answer", solution]] }),
  };
}

/** The answer's expression with the value of each of its parts, and what is wrong with its numbers. */
export function showAnswer({ numbers, target }: CountdownItem, completion: string): Shown {
  const answer = extractAnswer(completion);
  if (answer === undefined) return { description: "There is no closed <answer> outside of thoughts." };
  const text = answer.length > MOST_READ ? undefined : readNotation(answer, target);
  const parsed = text === undefined ? undefined : parseExpression(text);
  if (text === undefined || parsed === undefined) {
    return { description: "The answer is no expression.", rows: [["answer", answer.trim(), "wrong"]] };
  }
  const value = evaluate(parsed.expression);
  const isRight = value !== undefined && equals(value, target);
  const surplus = without(parsed.numbers, numbers);
  const rows: readonly ShownRow[] = [
    ["expression", text.trim()],
    [
      "value",
      `${writeValue(value)}${isRight ? "" : `, and ${target} is wanted`}`,
      isRight ? "right" : "wrong",
    ],
    ...numbersRow("used, but not given, or too often", surplus),
    ...numbersRow("not used", without(numbers, parsed.numbers)),
  ];
  return {
    rows,
    ...(isDrawn(parsed.expression)
      ? { svg: drawTree(parsed.expression, (part) => writeValue(evaluate(part)), new Set(surplus)) }
      : {}),
  };
}

function isDrawn(expression: Expression): boolean {
  return typeof expression !== "number" && leavesOf(expression) <= MOST_DRAWN;
}

/** With the zeros that signs stand for. */
function leavesOf(expression: Expression): number {
  return typeof expression === "number" ? 1 : leavesOf(expression.left) + leavesOf(expression.right);
}

function numbersRow(label: string, numbers: readonly number[]): readonly ShownRow[] {
  return numbers.length === 0 ? [] : [[label, numbers.join(", "), "wrong"]];
}

/** What is left of some numbers when others are taken away, each as often as it occurs. */
function without(numbers: readonly number[], others: readonly number[]): readonly number[] {
  const left = [...others];
  return numbers.filter((number) => {
    const at = left.indexOf(number);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** In lowest terms: `7/2`. */
function writeValue(value: Rational | undefined): string {
  if (value === undefined) return "a division by zero";
  const { numerator, denominator } = value;
  const divisor = commonDivisor(numerator, denominator) * (denominator < 0n ? -1n : 1n);
  const [above, below] = [numerator / divisor, denominator / divisor];
  return below === 1n ? String(above) : `${above}/${below}`;
}

function commonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? (a < 0n ? -a : a) : commonDivisor(b, a % b);
}
