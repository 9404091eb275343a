import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newFolder } from "../../test/new-folder.ts";
import { priceOf, readPrices } from "./price.ts";

function file(text: string): string {
  const path = join(newFolder(), "prices.json");
  writeFileSync(path, text);
  return path;
}

test("a price file is prices by model name", async () => {
  const prices = await readPrices(
    file('{"gpt-4o-mini": {"input": 0.15, "output": 0.6}, "own": {"input": 0, "output": 0}}'),
  );
  expect(priceOf(prices, "gpt-4o-mini")).toEqual({ input: 0.15, output: 0.6 });
  expect(priceOf(prices, "own")).toEqual({ input: 0, output: 0 });
  expect(() => priceOf(prices, "gpt-4o-mimi")).toThrow(
    expect.objectContaining({
      code: "bad-argument",
      message: expect.stringContaining('no price for model "gpt-4o-mimi"'),
      hint: expect.stringContaining('Did you mean "gpt-4o-mini"?'),
    }),
  );
});

test.each([
  ["[]", "is not a JSON object"],
  ["{", "cannot be read"],
  ['{"a": 1}', '"a" has 1 for a price'],
  ['{"a": {"input": 1}}', '"a" has {"input":1}'],
  ['{"a": {"input": 1, "output": "2"}}', '"a" has'],
  ['{"a": {"input": -1, "output": 2}}', '"a" has'],
  ['{"a": {"input": 1, "output": 2, "outptu": 3}}', '"a" has'],
])("%s is none: %s", async (text, message) => {
  await expect(readPrices(file(text))).rejects.toMatchObject({
    code: "bad-argument",
    message: expect.stringContaining(message),
  });
});

test("a file that is not there is said", async () => {
  await expect(readPrices("/nowhere/prices.json")).rejects.toMatchObject({ code: "bad-argument" });
});
