/** An exact fraction, not necessarily in lowest terms. The denominator is never 0. */
export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export type Operator = "+" | "-" | "*" | "/";

export function toRational(whole: number): Rational {
  return { numerator: BigInt(whole), denominator: 1n };
}

export function equals(value: Rational, whole: number): boolean {
  return value.numerator === value.denominator * BigInt(whole);
}

/** @returns undefined for a division by zero. */
export function apply(operator: Operator, a: Rational, b: Rational): Rational | undefined {
  switch (operator) {
    case "+":
      return {
        numerator: a.numerator * b.denominator + b.numerator * a.denominator,
        denominator: a.denominator * b.denominator,
      };
    case "-":
      return {
        numerator: a.numerator * b.denominator - b.numerator * a.denominator,
        denominator: a.denominator * b.denominator,
      };
    case "*":
      return { numerator: a.numerator * b.numerator, denominator: a.denominator * b.denominator };
    case "/":
      if (b.numerator === 0n) return undefined;
      return { numerator: a.numerator * b.denominator, denominator: a.denominator * b.numerator };
  }
}
