/**
 * Made-up transcripts for pre-training the built-in model: first attempts, and failed attempts followed by a
 * reflection and a retry. Their quality is mixed on purpose: thoughts give up early, reflections are often
 * platitudes, so that a base model fails usefully and reinforcement learning has something to choose from.
 *
 * An assistant's turn is a list of pieces, one token each. Only turns with `learn` carry loss. What the model is given
 * (problems, failed attempts) never does, or the base would learn to fail on purpose.
 */
import type { Random } from "@rrr/core";
import { candidates, firstSteps, hit, type Problem, type Step } from "./search.ts";

export type Turn = AssistantTurn | UserTurn;

export interface AssistantTurn {
  readonly role: "assistant";
  readonly pieces: readonly string[];
  readonly learn: boolean;
}

/** What the user says after the first prompt: the problem again, or the request for a reflection. */
export interface UserTurn {
  readonly role: "user";
  readonly ask: "problem" | "reflect";
}

export interface Style {
  /** Longest attempt in tokens; failed attempts are often cut off there. */
  readonly attemptLimit: number;
  readonly reflectionLimit: number;
  /** Probability of giving up after each step that leads nowhere. */
  readonly giveUp: number;
  /** Probability of trying a candidate on a step that leads nowhere. */
  readonly falseHunch: number;
  /** Share of guesses that are solutions. */
  readonly luckyGuess: number;
  /** Share of solutions that given failed attempts pass over. */
  readonly overlooked: number;
  /** Share of first attempts that do not think at all. */
  readonly thoughtless: number;
  /** Shares of reflections: platitudes, restating the failure, starting over; the rest goes on. */
  readonly platitude: number;
  readonly restate: number;
  readonly startOver: number;
}

export const countdownStyle: Style = {
  attemptLimit: 56,
  reflectionLimit: 80,
  giveUp: 0.45,
  falseHunch: 0.03,
  luckyGuess: 0.1,
  overlooked: 0.1,
  thoughtless: 0.1,
  platitude: 0.4,
  restate: 0.1,
  startOver: 0.15,
};

/** Tokens that a solution found, its answer and the end of the turn need. */
const closingRoom = 28;

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
  const room = style.attemptLimit - closingRoom;
  const thought = explore(problem, 0, room, random, style);
  return [
    "<think>",
    ...thought.pieces,
    "</think>",
    ...answer(thought.found ?? guess(problem, random, style)),
  ];
}

interface FailedAttempt {
  readonly pieces: readonly string[];
  /** Index of the first step that it did not get to. */
  readonly next: number;
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
  return { pieces: answer(wrongGuess), next: 0, answer: wrongGuess };
}

const maxTries = 20;

/** One noisy attempt, unless it comes upon a solution and sees it. */
function tryToFail(problem: Problem, random: Random, style: Style): FailedAttempt | undefined {
  const wrongGuess = wrongCandidate(problem, random);
  if (random.next() < style.thoughtless) return { pieces: answer(wrongGuess), next: 0, answer: wrongGuess };
  const pieces = ["<think>"];
  const giveUp = random.next() < 0.5 ? style.giveUp : 0;
  // Half of those that do not give up run into the limit instead of closing their thought in time.
  const room = random.next() < 0.5 ? style.attemptLimit : style.attemptLimit - closingRoom;
  let next = 0;
  for (const step of firstSteps(problem.numbers)) {
    if (next > 0) pieces.push(", ");
    pieces.push(...show(step));
    next++;
    if (hit(step, problem.target) && random.next() > style.overlooked) return undefined;
    if (random.next() < style.falseHunch) pieces.push(...tried(step, problem, random));
    if (pieces.length >= room || random.next() < giveUp) break;
  }
  if (pieces.length >= style.attemptLimit) {
    const cut = pieces.slice(0, style.attemptLimit);
    return { pieces: cut, next: finished(cut) };
  }
  pieces.push("</think>", ...answer(wrongGuess));
  if (pieces.length > style.attemptLimit) return { pieces: pieces.slice(0, style.attemptLimit), next };
  return { pieces, next, answer: wrongGuess };
}

/** How many steps a thought has brought to their value: those are not repeated. */
function finished(pieces: readonly string[]): number {
  let count = 0;
  let inCandidate = false;
  pieces.forEach((piece, i) => {
    if (piece === ": ") inCandidate = true;
    else if (piece === ", ") inCandidate = false;
    else if (piece === "=" && !inCandidate && i + 1 < pieces.length) count++;
  });
  return count;
}

function reflect(
  problem: Problem,
  failed: FailedAttempt,
  random: Random,
  style: Style,
): { readonly pieces: readonly string[]; readonly answer?: readonly string[] } {
  const roll = random.next();
  if (roll < style.platitude) return { pieces: [random.pick(platitudes)] };
  if (roll < style.platitude + style.restate && failed.answer) {
    return { pieces: [restating, ...failed.answer, wrong] };
  }
  const over = roll < style.platitude + style.restate + style.startOver;
  const from = over ? 0 : failed.next % Math.max(1, firstSteps(problem.numbers).length);
  const thought = explore(problem, from, style.reflectionLimit - 17, random, style);
  const pieces = [over ? fromTheStart : goOn, ...thought.pieces];
  return thought.found ? { pieces, answer: thought.found } : { pieces };
}

/** Steps in canonical order from `from`, round and round, until a solution, giving up or the end of the room. */
function explore(
  problem: Problem,
  from: number,
  room: number,
  random: Random,
  style: Style,
): { readonly pieces: readonly string[]; readonly found?: readonly string[] } {
  const steps = firstSteps(problem.numbers);
  const pieces: string[] = [];
  for (let i = from; pieces.length < room; i++) {
    const step = steps[i % steps.length] as Step;
    if (i > from) pieces.push(", ");
    pieces.push(...show(step));
    const solution = hit(step, problem.target);
    if (solution) {
      pieces.push(": ", ...solution.pieces, "=", String(solution.value), " yes");
      return { pieces, found: solution.pieces };
    }
    if (random.next() < style.falseHunch) pieces.push(...tried(step, problem, random));
    if (random.next() < style.giveUp) break;
  }
  return { pieces };
}

function show(step: Step): readonly string[] {
  return [String(step.left), step.operator, String(step.right), "=", String(step.value)];
}

/** A candidate that does not reach the target, and the finding that it does not. */
function tried(step: Step, problem: Problem, random: Random): readonly string[] {
  const others = candidates(step).filter(({ value }) => value !== problem.target);
  if (others.length === 0) return [];
  const candidate = random.pick(others);
  return [": ", ...candidate.pieces, "=", String(candidate.value), " no"];
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
