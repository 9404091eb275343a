/**
 * How the transcripts think about a Countdown problem of three numbers: take two of them, combine them, and see
 * whether the third finishes the job. There are about ten such first steps, always listed in the same order,
 * so that a reflection can go on exactly where an attempt stopped.
 */

export interface Problem {
  readonly numbers: readonly number[];
  readonly target: number;
}

/** `left operator right = value`, with `rest` still to be used. */
export interface Step {
  readonly left: number;
  readonly operator: Operator;
  readonly right: number;
  readonly value: number;
  readonly rest: number;
}

type Operator = "+" | "-" | "*" | "/";

const pairs = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 2, 0],
] as const;

/** Values above this are passed over: they never lead to a target of two digits that another step misses. */
const largestValue = 99;

/** All first steps of a problem in canonical order: by pair as shown, then + - * /. */
export function firstSteps(numbers: readonly number[]): readonly Step[] {
  const steps: Step[] = [];
  for (const [i, j, k] of pairs) {
    const a = numbers[i] as number;
    const b = numbers[j] as number;
    const rest = numbers[k] as number;
    const high = Math.max(a, b);
    const low = Math.min(a, b);
    const add = (left: number, operator: Operator, right: number, value: number): void => {
      if (value > 0 && value <= largestValue) steps.push({ left, operator, right, value, rest });
    };
    add(a, "+", b, a + b);
    add(high, "-", low, high - low);
    add(a, "*", b, a * b);
    if (low > 1 && high % low === 0) add(high, "/", low, high / low);
  }
  return steps;
}

/** One way to use a step's remaining number, as the pieces of the whole expression and its value. */
export interface Candidate {
  readonly pieces: readonly string[];
  readonly value: number;
}

/** Every way to use the remaining number whose value is a whole number from 0 to 99. */
export function candidates(step: Step): readonly Candidate[] {
  const inner = ["(", String(step.left), step.operator, String(step.right), ")"];
  const rest = String(step.rest);
  const all: Candidate[] = [
    { pieces: [...inner, "+", rest], value: step.value + step.rest },
    { pieces: [...inner, "-", rest], value: step.value - step.rest },
    { pieces: [rest, "-", ...inner], value: step.rest - step.value },
    { pieces: [...inner, "*", rest], value: step.value * step.rest },
    { pieces: [...inner, "/", rest], value: step.value / step.rest },
    { pieces: [rest, "/", ...inner], value: step.rest / step.value },
  ];
  return all.filter(({ value }) => Number.isInteger(value) && value >= 0 && value <= largestValue);
}

/** The first candidate of a step that reaches the target, if there is one. */
export function hit(step: Step, target: number): Candidate | undefined {
  return candidates(step).find(({ value }) => value === target);
}
