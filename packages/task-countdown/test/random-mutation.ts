import type { Random } from "@rrr/core";
import type { CountdownItem } from "../src/item.ts";
import { readByOracle } from "./oracle.ts";
import { randomExpression } from "./random-expression.ts";

/** A completion that is wrong, made from a right answer by one change of meaning. */
export interface Mutation {
  readonly item: CountdownItem;
  readonly completion: string;
}

/** Changes after which the text may still be right by luck: the oracle decides. */
const CHANGES: readonly ((random: Random, text: string) => string)[] = [
  (random, text) => replaceOne(random, text, /[-+*/]/g, random.pick(["+", "-", "*", "/", " "])),
  (random, text) => replaceOne(random, text, /[()]/g, ""),
  (random, text) => replaceOne(random, text, /[0-9]+/g, String(random.int(100))),
  (random, text) => replaceOne(random, text, / ?[-+*/] ?[0-9]+/g, ""),
  (random, text) => text + random.pick([" + 0", " * 1", " - 0", " / 1"]),
];

/** Changes after which no text is right. */
const BREAKS: readonly ((random: Random, answer: string) => string)[] = [
  (random, text) =>
    replaceOne(random, text, /[0-9]+/g, random.pick(["0$&", "$&.0", "$&e0", "$&!", "$&%", "x"])),
  (random, text) => replaceOne(random, text, /[0-9]/g, random.pick(["\u200b$&", "\ufeff$&", "٣", "２", "²"])),
  (random, text) => random.pick(["$", "`", "{", "\\boxed{", "(", "= "]) + text,
  (random, text) => text + random.pick(["$", "`", "}", ")", " =", " # 1", "; 1", " +"]),
  (random, text) => `${text} = ${random.pick(["0.5", "1 = 1", "x", "1e9"])}`,
];

/** Completions in which a right answer is not the answer. */
const MISPLACED: readonly ((answer: string) => string)[] = [
  (answer) => answer,
  (answer) => `<answer>${answer}`,
  (answer) => `${answer}</answer>`,
  (answer) => `<think><answer>${answer}</answer></think>`,
  (answer) => `<think>\n<answer>${answer}</answer>`,
  (answer) => `<answer>${answer}</answer> or <answer>${answer} + 1</answer>`,
  (answer) => `&lt;answer>${answer}</answer>`,
];

export function randomMutation(random: Random): Mutation {
  while (true) {
    const answer = randomExpression(random, 2 + random.int(4));
    const { numbers = [], value } = readByOracle(answer) ?? {};
    if (value === undefined || value[1] !== 1n) continue;
    const item = { numbers: numbers.map(Number), target: Number(value[0]) };
    const kind = random.int(3);
    if (kind === 0) return { item, completion: random.pick(MISPLACED)(answer) };
    const mutated = random.pick(kind === 1 ? BREAKS : CHANGES)(random, answer);
    if (kind === 2 && isRight(item, mutated)) continue;
    return { item, completion: `<think>hm</think>\n<answer>${mutated}</answer>` };
  }
}

function isRight({ numbers, target }: CountdownItem, text: string): boolean {
  const reading = readByOracle(text);
  if (reading?.value === undefined) return false;
  const sorted = (of: readonly (number | bigint)[]): string => of.map(String).toSorted().join();
  const [numerator, denominator] = reading.value;
  return sorted(reading.numbers) === sorted(numbers) && denominator === 1n && numerator === BigInt(target);
}

/** As `String.replace` would, but one of the matches at random. */
function replaceOne(random: Random, text: string, what: RegExp, by: string): string {
  const chosen = random.int(text.match(what)?.length ?? 1);
  let seen = 0;
  return text.replace(what, (match) => (seen++ === chosen ? by.replace("$&", () => match) : match));
}
