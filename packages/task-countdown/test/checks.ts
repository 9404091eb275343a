import { createRandom, deriveKey } from "@rrr/core";
import { verifyCountdown } from "../src/verify.ts";
import { readByOracle } from "./oracle.ts";
import { randomExpression, withTypo } from "./random-expression.ts";
import { randomMutation } from "./random-mutation.ts";
import { randomOutput } from "./random-output.ts";

/** Called now and then with how many are done. */
export type Progress = (done: number) => void;

/** Generated texts, a quarter of them mistyped, on whose verdict the package and the oracle disagree. */
export function findDisagreements(n: number, seed: number, progress: Progress = () => {}): string[] {
  const random = createRandom(deriveKey(seed, "disagreements"));
  const found: string[] = [];
  for (let i = 0; i < n; i++) {
    const right = randomExpression(random);
    const text = random.int(4) === 0 ? withTypo(random, right) : right;
    if (!agrees(text)) found.push(text);
    if (i % 10_000 === 0) progress(i);
  }
  return found;
}

function agrees(text: string): boolean {
  const reading = readByOracle(text);
  const numbers = reading?.numbers.map(Number) ?? [1];
  const outcome = (target: number): string => {
    const verdict = verifyCountdown({ numbers, target }, `<answer>${text}</answer>`);
    return verdict.kind === "fail" ? verdict.code : verdict.kind;
  };
  if (reading === undefined) return outcome(1) === "not-an-expression";
  if (reading.value === undefined) return outcome(1) === "division-by-zero";
  const [numerator, denominator] = reading.value;
  const target = Number(numerator / denominator);
  if (!Number.isSafeInteger(target)) return outcome(1) === "wrong-value";
  const expected = denominator === 1n ? "pass" : "wrong-value";
  return outcome(target) === expected && outcome(target + 1) === "wrong-value";
}

/** Changes of right answers, each of which changes the meaning, that pass all the same. */
export function findAccepted(n: number, seed: number, progress: Progress = () => {}): string[] {
  const random = createRandom(deriveKey(seed, "mutations"));
  const found: string[] = [];
  for (let i = 0; i < n; i++) {
    const { item, completion } = randomMutation(random);
    for (const strict of [false, true]) {
      if (verifyCountdown(item, completion, { strict }).kind === "pass") found.push(completion);
    }
    if (i % 10_000 === 0) progress(i);
  }
  return found;
}

/** Milliseconds of each verdict on fuzzed output. A verdict that throws ends it. */
export function timeFuzzed(n: number, seed: number, progress: Progress = () => {}): Float64Array {
  const random = createRandom(deriveKey(seed, "fuzz"));
  const item = { numbers: [25, 7, 8], target: 24 };
  const times = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const output = randomOutput(random);
    const strict = random.int(4) === 0;
    const start = process.cpuUsage();
    const { kind } = verifyCountdown(item, output, { strict });
    const { user, system } = process.cpuUsage(start);
    if (kind !== "pass" && kind !== "fail") throw new TypeError(`no verdict but ${kind}`);
    times[i] = (user + system) / 1000;
    if (i % 10_000 === 0) progress(i);
  }
  return times.sort();
}
