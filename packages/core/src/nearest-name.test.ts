import { expect, test } from "vitest";
import { checkOptions } from "./check-options.ts";
import { nearestName } from "./nearest-name.ts";

const known = ["preset", "data", "mode", "count"];

test.each([
  ["presett", "preset"],
  ["prsete", "preset"],
  ["pre", "preset"],
  ["dta", "data"],
  ["cuont", "count"],
  ["temperature", undefined],
  ["x", undefined],
])("%j means %j", (written, name) => {
  expect(nearestName(written, known)).toBe(name);
});

test("an unknown option is refused with what it most likely means", () => {
  expect(() => checkOptions("even", { data: "x", presett: "hard" }, known)).toThrow(
    expect.objectContaining({
      code: "bad-argument",
      hint: 'Did you mean "preset"? It has preset, data, mode, count.',
    }),
  );
  expect(() => checkOptions("even", { temperature: 1 }, known)).toThrow(
    expect.objectContaining({ hint: "It has preset, data, mode, count." }),
  );
});
