import { createRandom, deriveKey, type Random, RrrError } from "@rrr/core";
import type { CountdownItem } from "./item.ts";
import type { ProblemSpace } from "./presets.ts";
import { isPromptExample } from "./prompt.ts";
import type { Range } from "./range.ts";
import type { Operator } from "./rational.ts";
import { reachableTargets } from "./solve.ts";
import { type Split, splitOf } from "./split.ts";
import { join, type Term, toTerms } from "./term.ts";

/**
 * Solvable problems of a split, in an order that the seed decides. A small space is listed: each of its problems
 * comes once, then the items end. A large one is drawn from without end.
 * @throws RrrError `bad-argument` where a million draws hold no problem of the space and split.
 */
export function generateItems(space: ProblemSpace, split: Split, seed: number): Iterable<CountdownItem> {
  const random = createRandom(deriveKey(seed, "countdown", split));
  return isSmall(space) ? listItems(space, split, random) : drawItems(space, split, random);
}

/** Problems are listed where that takes well under a second. */
function isSmall({ count, numbers }: ProblemSpace): boolean {
  return count.max <= 3 && numbers.max - numbers.min < 15;
}

function* listItems(space: ProblemSpace, split: Split, random: Random): Generator<CountdownItem, void> {
  const held = listProblems(space).filter((problem) => splitOf(problem) === split);
  for (const { numbers, target } of random.shuffle(held)) yield { numbers: random.shuffle(numbers), target };
}

/** Every solvable problem of a space, numbers in ascending order. */
export function listProblems(space: ProblemSpace): CountdownItem[] {
  const problems: CountdownItem[] = [];
  for (let count = space.count.min; count <= space.count.max; count++) {
    for (const numbers of multisets(space.numbers, count)) {
      const targets = [...reachableTargets(numbers)].filter((target) => isWithin(space.target, target));
      for (const target of targets.toSorted((a, b) => a - b)) problems.push({ numbers, target });
    }
  }
  return problems.filter((problem) => !isPromptExample(problem));
}

function* multisets({ min, max }: Range, count: number): Generator<readonly number[], void> {
  if (count === 0) yield [];
  else {
    for (let first = min; first <= max; first++) {
      for (const rest of multisets({ min: first, max }, count - 1)) yield [first, ...rest];
    }
  }
}

/** Enough to find the rarest single target of the `hard` numbers, too; a few seconds. */
const MAX_DRAWS = 1_000_000;

/** Solvable by construction: the numbers are joined at random until the value is a target. */
function* drawItems(space: ProblemSpace, split: Split, random: Random): Generator<CountdownItem, void> {
  let found = false;
  for (let draws = 0; found || draws < MAX_DRAWS; draws++) {
    const count = within(space.count, random);
    const numbers = Array.from({ length: count }, () => within(space.numbers, random));
    const target = joinAtRandom(toTerms(numbers), random);
    if (target === undefined || !isWithin(space.target, target)) continue;
    const item = { numbers, target };
    if (splitOf(item) !== split || isPromptExample(item)) continue;
    found = true;
    yield item;
  }
  const searched = `${MAX_DRAWS} draws from ${JSON.stringify(space)}`;
  throw new RrrError("bad-argument", `no ${split} problem in ${searched}`, {
    hint: "Widen target, numbers or count until some of the numbers make a target.",
  });
}

const OPERATORS: readonly Operator[] = ["+", "-", "*", "/"];

/** @returns undefined where the value is not whole. */
function joinAtRandom(terms: readonly Term[], random: Random): number | undefined {
  let left = random.shuffle(terms);
  while (left.length > 1) {
    const [a, b, ...rest] = left as [Term, Term, ...Term[]];
    const joined = join(random.pick(OPERATORS), a, b);
    if (joined === undefined) return undefined;
    left = random.shuffle([...rest, joined]);
  }
  const { numerator, denominator } = (left[0] as Term).value;
  return numerator % denominator === 0n ? Number(numerator / denominator) : undefined;
}

function within({ min, max }: Range, random: Random): number {
  return min + random.int(max - min + 1);
}

function isWithin({ min, max }: Range, value: number): boolean {
  return min <= value && value <= max;
}
