import { apply, type Operator, type Rational, toRational } from "./rational.ts";

/** What an answer may be: whole numbers, the four operators, signs and parentheses. */
export type Expression =
  | number
  | { readonly operator: Operator; readonly left: Expression; readonly right: Expression };

/** An expression and its numbers, in the order in which they are written. */
export interface ParsedExpression {
  readonly expression: Expression;
  readonly numbers: readonly number[];
}

/**
 * Reads an expression over `0-9 + - * / ( )` and spaces. Everything else is refused, and so is what other
 * readers let through: `2(3)`, `2 3`, `025`, `2**3`, `7//2`. Recursion is as deep as the parentheses: the caller
 * caps them.
 * @returns undefined for text that is no such expression.
 */
export function parseExpression(text: string): ParsedExpression | undefined {
  const reader: Reader = { text, at: 0, numbers: [] };
  const expression = readSum(reader);
  if (expression === undefined || peek(reader) !== END) return undefined;
  return { expression, numbers: reader.numbers };
}

/** The exact value. @returns undefined for a division by zero. */
export function evaluate(expression: Expression): Rational | undefined {
  if (typeof expression === "number") return toRational(expression);
  const left = evaluate(expression.left);
  const right = left && evaluate(expression.right);
  return right && apply(expression.operator, left, right);
}

interface Reader {
  readonly text: string;
  at: number;
  readonly numbers: number[];
}

const END = -1;
const SPACE = 32;
const OPEN = 40;
const CLOSE = 41;
const TIMES = 42;
const PLUS = 43;
const MINUS = 45;
const OVER = 47;
const ZERO = 48;

/** Code of the next character that is no space. */
function peek(reader: Reader): number {
  while (reader.text.charCodeAt(reader.at) === SPACE) reader.at++;
  return reader.at < reader.text.length ? reader.text.charCodeAt(reader.at) : END;
}

function readSum(reader: Reader): Expression | undefined {
  let left = readProduct(reader);
  while (left !== undefined) {
    const next = peek(reader);
    if (next !== PLUS && next !== MINUS) return left;
    reader.at++;
    const right = readProduct(reader);
    if (right === undefined) return undefined;
    left = { operator: next === PLUS ? "+" : "-", left, right };
  }
  return undefined;
}

function readProduct(reader: Reader): Expression | undefined {
  let left = readFactor(reader);
  while (left !== undefined) {
    const next = peek(reader);
    if (next !== TIMES && next !== OVER) return left;
    reader.at++;
    const right = readFactor(reader);
    if (right === undefined) return undefined;
    left = { operator: next === TIMES ? "*" : "/", left, right };
  }
  return undefined;
}

function readFactor(reader: Reader): Expression | undefined {
  let negative = false;
  let next = peek(reader);
  while (next === PLUS || next === MINUS) {
    if (next === MINUS) negative = !negative;
    reader.at++;
    next = peek(reader);
  }
  const value = next === OPEN ? readParentheses(reader) : readNumber(reader);
  return negative && value !== undefined ? { operator: "-", left: 0, right: value } : value;
}

function readParentheses(reader: Reader): Expression | undefined {
  reader.at++;
  const inner = readSum(reader);
  if (peek(reader) !== CLOSE) return undefined;
  reader.at++;
  return inner;
}

function readNumber(reader: Reader): number | undefined {
  const start = reader.at;
  let value = 0;
  for (; isDigit(reader.text.charCodeAt(reader.at)); reader.at++) {
    value = value * 10 + reader.text.charCodeAt(reader.at) - ZERO;
  }
  const digits = reader.at - start;
  if (digits === 0 || (digits > 1 && reader.text.charCodeAt(start) === ZERO)) return undefined;
  // Beyond 2^53 this rounds, to a value that no given number can have: numbers of items are safe integers.
  reader.numbers.push(value);
  return value;
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= ZERO + 9;
}
