/**
 * A second reader of expressions, which shares nothing with the package: it splits into tokens by one regular
 * expression, climbs precedences by a table, and reduces its fractions.
 */
export interface Reading {
  readonly numbers: readonly bigint[];
  /** Undefined after a division by zero. */
  readonly value: readonly [bigint, bigint] | undefined;
}

const PRECEDENCE: Readonly<Record<string, number>> = { "+": 1, "-": 1, "*": 2, "/": 2 };

/** @returns undefined for text that is no expression. */
export function readByOracle(text: string): Reading | undefined {
  const tokens = text.match(/[0-9]+|[^ ]/g) ?? [];
  const numbers: bigint[] = [];
  let at = 0;
  type Fraction = readonly [bigint, bigint] | undefined;
  const operand = (): Fraction => {
    const token = tokens[at++];
    if (token === "-") {
      const inner = operand();
      return inner && [-inner[0], inner[1]];
    }
    if (token === "+") return operand();
    if (token === "(") {
      const inner = climb(1);
      if (tokens[at++] !== ")") throw new SyntaxError("no closing parenthesis");
      return inner;
    }
    if (token === undefined || !/^(0|[1-9][0-9]*)$/.test(token)) throw new SyntaxError("no operand");
    numbers.push(BigInt(token));
    return [BigInt(token), 1n];
  };
  const climb = (floor: number): Fraction => {
    let left = operand();
    for (;;) {
      const sign = tokens[at] ?? "";
      const precedence = PRECEDENCE[sign] ?? 0;
      if (precedence < floor) return left;
      at++;
      const right = climb(precedence + 1);
      left = left && right && reduce(calculate(sign, left, right));
    }
  };
  try {
    const value = climb(1);
    return at === tokens.length ? { numbers, value } : undefined;
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
}

function calculate(
  sign: string,
  [a, b]: readonly [bigint, bigint],
  [c, d]: readonly [bigint, bigint],
): readonly [bigint, bigint] | undefined {
  if (sign === "+") return [a * d + c * b, b * d];
  if (sign === "-") return [a * d - c * b, b * d];
  if (sign === "*") return [a * c, b * d];
  return c === 0n ? undefined : [a * d, b * c];
}

function reduce(fraction: readonly [bigint, bigint] | undefined): readonly [bigint, bigint] | undefined {
  if (fraction === undefined) return undefined;
  const [a, b] = fraction;
  const divisor = gcd(a < 0n ? -a : a, b < 0n ? -b : b) * (b < 0n ? -1n : 1n);
  return [a / divisor, b / divisor];
}

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b);
}
