import { expect, it } from "vitest";
import { fewestTokens } from "./fewest-tokens.ts";

it.each<[string, string, number]>([
  ["the longest words, with a space before them", " internationalization disproportionately", 2],
  ["one identifier", ".translatesAutoresizingMaskIntoConstraints", 1],
  ["an indent", `\n${" ".repeat(127)}`, 1],
  ["a rule", "-".repeat(64), 1],
  ["a table", "| --- | --- | --- | --- |", 6],
  ["line ends", "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n", 1],
  ["a laugh", "hahahahahahahahahahahaha", 2],
  ["letters of other scripts", "微信公众号天天中彩票", 4],
  ["code", "for (let i = 0; i < items.length; i++) {\n                total += items[i];\n}", 26],
  ["prose of long words", "Internationalization disproportionately misunderstands responsibilities.", 5],
  ["a heading", "## Introduction\n\n", 3],
  ["a web address", "https://www.example.com/", 5],
  ["nothing", "", 0],
])("no tokenizer makes fewer tokens than this of %s", (_, text, tokens) => {
  expect(fewestTokens(text)).toBeLessThanOrEqual(tokens);
});

it.each([
  ["a reflection", "I was wrong because I did not read the question.", 4],
  ["a reason with a number", "REFL12 I was wrong because 0.83123456781234.", 3],
  ["digits", "WRONG12 0.12345678901", 1],
])("%s is more than that", (_, text, tokens) => {
  expect(fewestTokens(text)).toBeGreaterThan(tokens);
});
