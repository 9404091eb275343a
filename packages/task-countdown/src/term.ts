import { apply, type Operator, type Rational, toRational } from "./rational.ts";

/** An expression under construction, with its exact value. */
export interface Term {
  readonly value: Rational;
  /** Absent for a given number. */
  readonly joined?: { readonly operator: Operator; readonly left: Term; readonly right: Term };
}

export function toTerms(numbers: readonly number[]): Term[] {
  return numbers.map((number) => ({ value: toRational(number) }));
}

/** @returns undefined for a division by zero. */
export function join(operator: Operator, left: Term, right: Term): Term | undefined {
  const value = apply(operator, left.value, right.value);
  return value && { value, joined: { operator, left, right } };
}

/** The expression as text, without needless parentheses. */
export function write({ value, joined }: Term): string {
  if (joined === undefined) return String(value.numerator);
  const { operator, left, right } = joined;
  const isProduct = operator === "*" || operator === "/";
  const leftText = isProduct && isSum(left) ? `(${write(left)})` : write(left);
  const loose = isSum(right) ? operator !== "+" : operator === "/" && right.joined !== undefined;
  return `${leftText} ${operator} ${loose ? `(${write(right)})` : write(right)}`;
}

function isSum({ joined }: Term): boolean {
  return joined?.operator === "+" || joined?.operator === "-";
}

/**
 * Visits every way to join all terms into one, until a visit returns true.
 * @param seen where given, terms of the same values are joined only once: quicker, and enough where the values
 * matter and not how they are written.
 * @returns whether a visit did.
 */
export function visitJoined(
  terms: readonly Term[],
  visit: (term: Term) => boolean,
  seen?: Set<string>,
): boolean {
  const [only] = terms;
  if (terms.length === 1 && only !== undefined) return visit(only);
  if (seen !== undefined && terms.length > 2) {
    const values = valuesOf(terms);
    if (seen.has(values)) return false;
    seen.add(values);
  }
  for (let i = 0; i < terms.length; i++) {
    for (let j = i + 1; j < terms.length; j++) {
      const rest = terms.filter((_, k) => k !== i && k !== j);
      const a = terms[i] as Term;
      const b = terms[j] as Term;
      for (const [operator, left, right] of waysToJoin(a, b)) {
        const joined = join(operator, left, right);
        if (joined !== undefined && visitJoined([...rest, joined], visit, seen)) return true;
      }
    }
  }
  return false;
}

function valuesOf(terms: readonly Term[]): string {
  const values = terms.map(({ value }) => `${value.numerator}/${value.denominator}`);
  return values.sort().join(" ");
}

function waysToJoin(a: Term, b: Term): readonly (readonly [Operator, Term, Term])[] {
  return [
    ["+", a, b],
    ["*", a, b],
    ["-", a, b],
    ["-", b, a],
    ["/", a, b],
    ["/", b, a],
  ];
}
