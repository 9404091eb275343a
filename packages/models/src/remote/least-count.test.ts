import type { Completion } from "@rrr/core";
import { expect, it } from "vitest";
import { createLeastCountCheck } from "./least-count.ts";

const sums = Array.from({ length: 60 }, (_, i) => {
  const numbers = Array.from({ length: 1 + (i % 6) }, (_, k) => (7 * i + 13 * k) % 100);
  return `<answer>${numbers.join(i % 2 === 0 ? " + " : "*")}</answer>`;
});

/** What a tokenizer with a token for each word, digit and pair of signs comes to, and the end of the turn. */
const tokensOf = (text: string): number => (text.match(/\w+?(?=\d|\b)|[^\w\s]{1,2}/g)?.length ?? 0) + 1;

function marked(texts: readonly string[], countOf: (text: string) => number): (string | undefined)[] {
  const check = createLeastCountCheck();
  return texts.map((text) => {
    const completion: Completion = { text, finish: "stop", usage: { prompt: 9, completion: countOf(text) } };
    return check(completion).usage?.contradicts;
  });
}

it("finds a server that counts no answer below some least count", () => {
  const found = marked(sums, (text) => Math.max(24, tokensOf(text)));
  expect(found.slice(12).filter((each) => each !== undefined).length).toBeGreaterThan(10);
  expect(new Set(found)).toEqual(new Set([undefined, "completion_tokens is never below 24"]));
});

it("finds one that has the same count for all", () => {
  expect(marked(sums, () => 64).at(-1)).toBe("completion_tokens is never below 64");
});

it.each<[string, readonly string[], (text: string) => number]>([
  ["true counts", sums, tokensOf],
  ["one answer over and over", Array(60).fill("<answer>1 + 2</answer>"), () => 16],
  ["letters for tokens", sums, (text) => text.length],
  ["thoughts that nobody sees", sums, (text) => 40 + ((text.length * 37) % 90)],
])("takes %s at their word", (_, texts, countOf) => {
  expect(marked(texts, countOf)).toEqual(texts.map(() => undefined));
});
