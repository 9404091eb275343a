import type { CountdownItem } from "./item.ts";
import { equals } from "./rational.ts";
import { type Term, toTerms, visitJoined, write } from "./term.ts";

/**
 * One right answer, e.g. `25 + 7 - 8`: always the same for the same item.
 * @returns undefined where there is none.
 */
export function solve(item: CountdownItem): string | undefined {
  let solution: string | undefined;
  const visit = (term: Term): boolean => {
    if (!equals(term.value, item.target)) return false;
    solution = write(term);
    return true;
  };
  visitJoined(toTerms(item.numbers), visit, new Set());
  return solution;
}

/** Every whole number that the numbers can make, using each exactly once. */
export function reachableTargets(numbers: readonly number[]): ReadonlySet<number> {
  const reached = new Set<number>();
  const visit = ({ value }: Term): boolean => {
    if (value.numerator % value.denominator === 0n) reached.add(Number(value.numerator / value.denominator));
    return false;
  };
  visitJoined(toTerms(numbers), visit, new Set());
  return reached;
}
