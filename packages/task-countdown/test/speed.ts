import { createRandom, deriveKey } from "@rrr/core";
import { parse } from "mathjs/number";
import type { CountdownItem } from "../src/item.ts";
import { verifyCountdown } from "../src/verify.ts";
import { cpuTime } from "./cpu-time.ts";
import { readByOracle } from "./oracle.ts";
import { randomExpression } from "./random-expression.ts";

export interface Speed {
  /** Whole verdicts, tags and notation included, per second of processor time. */
  readonly verdictsPerSecond: number;
  /** `mathjs.parse` alone, on the same expressions. */
  readonly mathjsPerSecond: number;
}

/** Speeds on `n` right answers of three to four numbers, measured in turns after a round to warm up. */
export function measureSpeed(n: number, seed: number): Speed {
  const random = createRandom(deriveKey(seed, "speed"));
  const texts: string[] = [];
  const answers: { readonly item: CountdownItem; readonly completion: string }[] = [];
  while (answers.length < n) {
    const text = randomExpression(random, 3 + random.int(2));
    const { numbers = [], value } = readByOracle(text) ?? {};
    if (value === undefined || value[1] !== 1n) continue;
    texts.push(text);
    const completion = `<think>Let me try: 25 + 7 is 32.</think>\n<answer>${text}</answer>`;
    answers.push({ item: { numbers: numbers.map(Number), target: Number(value[0]) }, completion });
  }
  const judge = (): void => {
    for (const { item, completion } of answers) {
      if (verifyCountdown(item, completion).kind !== "pass") throw new Error(`failed: ${completion}`);
    }
  };
  const parseAll = (): void => {
    for (const text of texts) parse(text);
  };
  for (const run of [judge, parseAll]) run();
  const [verdicts, parses] = [cpuTime(judge), cpuTime(parseAll)];
  return { verdictsPerSecond: (1000 * n) / verdicts, mathjsPerSecond: (1000 * n) / parses };
}
