import type { CountdownItem } from "./item.ts";
import { apply, equals, type Operator, type Rational, toRational } from "./rational.ts";

/**
 * One right answer, e.g. `25 + 7 - 8`: always the same for the same item.
 * @returns undefined where there is none.
 */
export function solve(item: CountdownItem): string | undefined {
  for (const solution of solutions(item)) return solution;
  return undefined;
}

/** All right answers, differently written ones each, without signs or needless parentheses. */
export function* solutions(item: CountdownItem): Generator<string, void> {
  const seen = new Set<string>();
  for (const term of combine(toTerms(item.numbers))) {
    if (!equals(term.value, item.target) || seen.has(term.text)) continue;
    seen.add(term.text);
    yield term.text;
  }
}

/** Every whole number that the numbers can make, using each exactly once. */
export function reachableTargets(numbers: readonly number[]): ReadonlySet<number> {
  const reached = new Set<number>();
  for (const { value } of combine(toTerms(numbers))) {
    if (value.numerator % value.denominator !== 0n) continue;
    const whole = Number(value.numerator / value.denominator);
    if (Number.isSafeInteger(whole)) reached.add(whole);
  }
  return reached;
}

/** An expression with its exact value. */
export interface Term {
  readonly value: Rational;
  readonly text: string;
  /** What it binds like where it stands in a larger expression. */
  readonly kind: "number" | "product" | "sum";
}

export function toTerms(numbers: readonly number[]): Term[] {
  return numbers.map((number) => ({ value: toRational(number), text: String(number), kind: "number" }));
}

/** @returns undefined for a division by zero. */
export function join(operator: Operator, left: Term, right: Term): Term | undefined {
  const value = apply(operator, left.value, right.value);
  if (value === undefined) return undefined;
  const kind = operator === "+" || operator === "-" ? "sum" : "product";
  const leftText = kind === "product" && left.kind === "sum" ? `(${left.text})` : left.text;
  const loose = right.kind === "sum" || (right.kind === "product" && operator === "/");
  const rightText = loose && operator !== "+" ? `(${right.text})` : right.text;
  return { value, text: `${leftText} ${operator} ${rightText}`, kind };
}

/** Every way to join all terms into one. */
function* combine(terms: readonly Term[]): Generator<Term, void> {
  const [only] = terms;
  if (terms.length === 1 && only !== undefined) yield only;
  for (let i = 0; i < terms.length; i++) {
    for (let j = i + 1; j < terms.length; j++) {
      const rest = terms.filter((_, k) => k !== i && k !== j);
      for (const joined of joinPair(terms[i] as Term, terms[j] as Term)) yield* combine([...rest, joined]);
    }
  }
}

function joinPair(a: Term, b: Term): Term[] {
  const joined = [
    join("+", a, b),
    join("*", a, b),
    join("-", a, b),
    join("-", b, a),
    join("/", a, b),
    join("/", b, a),
  ];
  return joined.filter((term) => term !== undefined);
}
