/**
 * Made-up transcripts of Countdown: first attempts, and failed attempts followed by a reflection and a retry. Their
 * quality is mixed on purpose: thoughts give up early, reflections are often platitudes, so that a base model fails
 * usefully and reinforcement learning has something to choose from.
 */
import type { Random } from "@rrr/core";
import type { Turn } from "../transcript.ts";
import { type Candidate, candidates, firstSteps, hit, type Problem, type Step } from "./search.ts";

export interface Style {
  /** Longest attempt in tokens; failed attempts are often cut off there. */
  readonly attemptLimit: number;
  readonly reflectionLimit: number;
  /** Share of thoughts that are impatient, and how likely either kind is to give up after a vain step. */
  readonly impatient: number;
  readonly giveUp: { readonly impatient: number; readonly patient: number };
  /** Probability of trying a candidate on a step that leads nowhere. */
  readonly falseHunch: number;
  /** Share of guesses that are solutions. */
  readonly luckyGuess: number;
  /** In given failed attempts: share of solutions passed over, and of vain steps claimed to be solutions. */
  readonly overlooked: number;
  readonly miscounted: number;
  /** Share of first attempts that do not think at all. */
  readonly thoughtless: number;
  /** Shares of reflections: platitudes, restating the failure, starting over; the rest goes on. */
  readonly platitude: number;
  readonly restate: number;
  readonly startOver: number;
}

export const countdownStyle: Style = {
  attemptLimit: 80,
  reflectionLimit: 112,
  impatient: 0.75,
  giveUp: { impatient: 0.7, patient: 0.04 },
  falseHunch: 0.15,
  luckyGuess: 0.1,
  overlooked: 0.1,
  miscounted: 0.04,
  thoughtless: 0.1,
  platitude: 0.5,
  restate: 0.08,
  startOver: 0.12,
};

/** Between steps, and at the end of a search that found nothing: the same in attempts and reflections. */
export const next = "; ";
export const givingUp = ". I give up.";
export const platitudes: readonly string[] = [
  "I should be more careful next time.",
  "I need to check my arithmetic.",
  "I should think step by step.",
  "I must use each number exactly once.",
];
export const goOn = "Going on from there: ";
export const fromTheStart = "From the start: ";
export const restating = "My answer was ";
export const wrong = ", which is wrong.";

/** Tokens of a step, and of what must follow the last one: a candidate, its answer, the end of the turn. */
const stepLength = 8;
const closingLength = 23;

/** A first attempt, all of it to be learnt. */
export function firstAttempt(problem: Problem, random: Random, style: Style): Turn {
  return { role: "assistant", pieces: attempt(problem, random, style), learn: true };
}

/** A failed attempt (given), a reflection and a retry (learnt), with the user's turns between them. */
export function reflectedAttempt(problem: Problem, random: Random, style: Style): readonly Turn[] {
  const failed = failedAttempt(problem, random, style);
  const reflection = reflect(problem, failed, random, style);
  return [
    { role: "assistant", pieces: failed.pieces, learn: false },
    { role: "user", ask: "reflect" },
    { role: "assistant", pieces: reflection.pieces, learn: true },
    { role: "user", ask: "problem" },
    {
      role: "assistant",
      pieces: reflection.answer ? answer(reflection.answer) : attempt(problem, random, style),
      learn: true,
    },
  ];
}

/** A failed attempt (given) and a second one straight after it (learnt): what the blind control asks for. */
export function blindRetry(problem: Problem, random: Random, style: Style): readonly Turn[] {
  return [
    { role: "assistant", pieces: failedAttempt(problem, random, style).pieces, learn: false },
    { role: "user", ask: "problem" },
    { role: "assistant", pieces: attempt(problem, random, style), learn: true },
  ];
}

function attempt(problem: Problem, random: Random, style: Style): readonly string[] {
  if (random.next() < style.thoughtless) return answer(guess(problem, random, style));
  const thought = explore(problem, 0, style.attemptLimit - closingLength, random, style);
  return [
    "<think>",
    ...thought.pieces,
    "</think>",
    ...answer(thought.found ?? guess(problem, random, style)),
  ];
}

interface FailedAttempt {
  readonly pieces: readonly string[];
  /** Steps that it got through. */
  readonly done: number;
  readonly answer?: readonly string[];
}

/**
 * What failures look like, before training and after: gave up, ran out of room, overlooked a solution. Drawn by
 * trying until one fails, so that what is left to find is distributed as it is after real failures.
 */
function failedAttempt(problem: Problem, random: Random, style: Style): FailedAttempt {
  for (let tries = 0; tries < maxTries; tries++) {
    const failed = tryToFail(problem, random, style);
    if (failed) return failed;
  }
  const wrongGuess = wrongCandidate(problem, random);
  return { pieces: answer(wrongGuess), done: 0, answer: wrongGuess };
}

const maxTries = 20;

/** One noisy attempt, unless it comes upon a solution and sees it. */
function tryToFail(problem: Problem, random: Random, style: Style): FailedAttempt | undefined {
  const wrongGuess = wrongCandidate(problem, random);
  if (random.next() < style.thoughtless) return { pieces: answer(wrongGuess), done: 0, answer: wrongGuess };
  const pieces = ["<think>"];
  const giveUp = drawGiveUp(random, style);
  // Half of those that run out of room run into the limit instead of closing their thought in time.
  const room = style.attemptLimit - (random.next() < 0.5 ? 0 : closingLength);
  let done = 0;
  for (const step of firstSteps(problem.numbers)) {
    if (done > 0) pieces.push(next);
    if (pieces.length + stepLength > room) break;
    pieces.push(...show(step));
    done++;
    if (hit(step, problem.target) && random.next() > style.overlooked) return undefined;
    if (random.next() < style.miscounted) {
      const claimed = vain(step, problem, random)?.pieces ?? wrongGuess;
      pieces.push(...candidate(claimed, problem.target, " yes"), "</think>", ...answer(claimed));
      return cut({ pieces, done, answer: claimed }, style);
    }
    if (random.next() < style.falseHunch) pieces.push(...vainCandidate(step, problem, random));
    if (random.next() < giveUp) break;
  }
  if (pieces.at(-1) === next) pieces.pop();
  // Whoever runs into the limit is in the middle of the next step.
  if (room === style.attemptLimit && pieces.length + stepLength > room) {
    const steps = firstSteps(problem.numbers);
    pieces.push(next, ...show(steps[done % steps.length] as Step));
    return cut({ pieces, done }, style);
  }
  pieces.push(givingUp, "</think>", ...answer(wrongGuess));
  return cut({ pieces, done, answer: wrongGuess }, style);
}

function cut(failed: FailedAttempt, { attemptLimit }: Style): FailedAttempt {
  return { ...failed, pieces: failed.pieces.slice(0, attemptLimit) };
}

function drawGiveUp(random: Random, { impatient, giveUp }: Style): number {
  return random.next() < impatient ? giveUp.impatient : giveUp.patient;
}

function reflect(
  problem: Problem,
  failed: FailedAttempt,
  random: Random,
  style: Style,
): { readonly pieces: readonly string[]; readonly answer?: readonly string[] } {
  const roll = random.next();
  if (roll < style.platitude) {
    // One of them is the likeliest of all openings, so that greedy decoding too has something to gain.
    const usual = random.next() < 0.8;
    return { pieces: [usual ? (platitudes[0] as string) : random.pick(platitudes)] };
  }
  if (roll < style.platitude + style.restate && failed.answer) {
    return { pieces: [restating, ...failed.answer, wrong] };
  }
  const over = roll < style.platitude + style.restate + style.startOver;
  const from = over ? 0 : failed.done % firstSteps(problem.numbers).length;
  const thought = explore(problem, from, style.reflectionLimit - 13, random, style);
  const pieces = [over ? fromTheStart : goOn, ...thought.pieces];
  return thought.found ? { pieces, answer: thought.found } : { pieces };
}

/** Steps in canonical order from number `from`, round and round, until a solution, giving up or no more room. */
function explore(
  problem: Problem,
  from: number,
  room: number,
  random: Random,
  style: Style,
): { readonly pieces: readonly string[]; readonly found?: readonly string[] } {
  const steps = firstSteps(problem.numbers);
  const giveUp = drawGiveUp(random, style);
  const pieces: string[] = [];
  for (let i = from; pieces.length + stepLength <= room; i++) {
    const step = steps[i % steps.length] as Step;
    if (i > from) pieces.push(next);
    pieces.push(...show(step));
    const solution = hit(step, problem.target);
    if (solution) {
      pieces.push(...candidate(solution.pieces, solution.value, " yes"));
      return { pieces, found: solution.pieces };
    }
    if (random.next() < style.falseHunch) pieces.push(...vainCandidate(step, problem, random));
    if (random.next() < giveUp) break;
  }
  return { pieces: [...pieces, givingUp] };
}

/** The step, and the two numbers that it leaves. */
function show({ left, operator, right, value, rest }: Step): readonly string[] {
  return [String(left), operator, String(right), "=", String(value), ",", String(rest)];
}

function candidate(pieces: readonly string[], value: number, verdict: " yes" | " no"): readonly string[] {
  return [": ", ...pieces, "=", String(value), verdict];
}

/** A candidate that does not reach the target, and the finding that it does not. */
function vainCandidate(step: Step, problem: Problem, random: Random): readonly string[] {
  const found = vain(step, problem, random);
  return found === undefined ? [] : candidate(found.pieces, found.value, " no");
}

function vain(step: Step, problem: Problem, random: Random): Candidate | undefined {
  const others = candidates(step).filter(({ value }) => value !== problem.target);
  return others.length === 0 ? undefined : random.pick(others);
}

function guess(problem: Problem, random: Random, style: Style): readonly string[] {
  if (random.next() < style.luckyGuess) {
    const hits = firstSteps(problem.numbers).flatMap((step) => hit(step, problem.target) ?? []);
    if (hits.length > 0) return random.pick(hits).pieces;
  }
  return wrongCandidate(problem, random);
}

function wrongCandidate(problem: Problem, random: Random): readonly string[] {
  const all = firstSteps(problem.numbers).flatMap((step) => candidates(step));
  return random.pick(all.filter(({ value }) => value !== problem.target)).pieces;
}

function answer(pieces: readonly string[]): readonly string[] {
  return ["<answer>", ...pieces, "</answer>"];
}
