import { fail, pass, type Verdict } from "@rrr/core";
import { extractAnswer, extractStrictAnswer } from "./answer.ts";
import { evaluate, parseExpression } from "./expression.ts";
import type { CountdownItem } from "./item.ts";
import { readNotation } from "./notation.ts";
import { equals } from "./rational.ts";

/** Caps before parsing: characters of the answer, and parentheses inside each other. */
const MAX_LENGTH = 512;
const MAX_DEPTH = 64;

/** Not `\s`, which has zero-width and no-break spaces too. */
const ASCII_BLANKS = /[\t\v\f\r]/g;

export type CountdownFailCode =
  /** No closed `<answer>` outside `<think>`. */
  | "no-answer"
  /** The answer is longer, or nested deeper, than any expression of these numbers needs to be. */
  | "too-long"
  /** The answer is no expression of whole numbers, `+ - * /`, signs and parentheses. */
  | "not-an-expression"
  /** It does not use each given number exactly once and nothing else. */
  | "wrong-numbers"
  /** It divides by zero. */
  | "division-by-zero"
  /** Its exact value is not the target. */
  | "wrong-value";

export interface VerifyOptions {
  /** TinyZero's grammar, for comparison with published numbers: see the README. Default false. */
  readonly strict?: boolean;
}

/** Whether a completion answers an item: each number exactly once, exactly the target, in rational arithmetic. */
export function verifyCountdown(
  item: CountdownItem,
  completion: string,
  options: VerifyOptions = {},
): Verdict {
  const answer = options.strict ? extractStrictAnswer(completion) : extractAnswer(completion);
  if (answer === undefined) return fail("no-answer" satisfies CountdownFailCode);
  if (answer.length > MAX_LENGTH) return tooLong(`${answer.length} characters, at most ${MAX_LENGTH}`);
  const text = options.strict ? answer.replace(ASCII_BLANKS, " ") : readNotation(answer, item.target);
  if (text === undefined) {
    return failed("not-an-expression", `of an equation, one side must be the target ${item.target}`);
  }
  return verifyExpression(item, text);
}

/** Whether plain text, over `0-9 + - * / ( )` and spaces, is a right answer. */
export function verifyExpression(item: CountdownItem, text: string): Verdict {
  if (depthOf(text) > MAX_DEPTH) return tooLong(`parentheses deeper than ${MAX_DEPTH}`);
  const parsed = parseExpression(text);
  if (parsed === undefined) return failed("not-an-expression", text);
  if (!sameNumbers(parsed.numbers, item.numbers)) {
    return failed("wrong-numbers", `used ${parsed.numbers.join(", ")}; given ${item.numbers.join(", ")}`);
  }
  const value = evaluate(parsed.expression);
  if (value === undefined) return failed("division-by-zero", text);
  if (equals(value, item.target)) return pass();
  return failed("wrong-value", `${text} is not ${item.target}`);
}

function failed(code: CountdownFailCode, detail: string): Verdict {
  return fail(code, detail);
}

function tooLong(detail: string): Verdict {
  return failed("too-long", detail);
}

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 40) deepest = Math.max(deepest, ++depth);
    else if (code === 41) depth--;
  }
  return deepest;
}

function sameNumbers(used: readonly number[], given: readonly number[]): boolean {
  if (used.length !== given.length) return false;
  const left = [...given];
  for (const number of used) {
    const at = left.indexOf(number);
    if (at < 0) return false;
    left.splice(at, 1);
  }
  return true;
}
