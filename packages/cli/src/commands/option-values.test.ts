import { InvalidArgumentError } from "commander";
import { expect, test } from "vitest";
import { dollars, duration } from "./option-values.ts";

test.each([
  ["90s", 90_000],
  ["30m", 1_800_000],
  ["2h", 7_200_000],
  ["7d", 604_800_000],
  ["1h30m", 5_400_000],
  ["1.5h", 5_400_000],
])("%s is a time", (text, ms) => {
  expect(duration(text)).toBe(ms);
});

test.each(["", "90", "0s", "2 h", "h", "-2h", "2h!", "2w"])("%j is none", (text) => {
  expect(() => duration(text)).toThrow(InvalidArgumentError);
});

test("amounts of money, and what is none", () => {
  expect(["5", "0.25", "$5"].map(dollars)).toEqual([5, 0.25, 5]);
  for (const text of ["", "0", "-1", "5$", "1e3", "$", "five"]) {
    expect(() => dollars(text)).toThrow(InvalidArgumentError);
  }
});
