import { expect, test } from "vitest";
import { checkBars, parseBar } from "./bars.ts";

test.each([
  ["after=0.4", { measure: "after", share: 0.4 }],
  ["after2=1", { measure: "after2", share: 1 }],
  ["after10=.5", { measure: "after10", share: 0.5 }],
  ["pass@2=0.4", { measure: "passAt2", share: 0.4 }],
  ["passAt2=0.4", { measure: "passAt2", share: 0.4 }],
  ["pass@3=0.4", undefined],
  ["after1=0.5", undefined],
  ["after=1.5", undefined],
  ["later=0.5", undefined],
])("%s", (text, bar) => {
  expect(parseBar(text)).toEqual(bar);
});

test("a bar on what is not going to be measured is refused before anything is asked", () => {
  const settings = { rounds: 2, controls: false, greedy: false };
  const check = (measure: "after2" | "after3" | "blind" | "leak" | "greedyFirst", more: object = {}) =>
    checkBars([{ measure, share: 0.5 }], { ...settings, ...more });
  check("after2");
  check("blind", { controls: true });
  check("greedyFirst", { greedy: true });
  for (const measure of ["after3", "blind", "leak", "greedyFirst"] as const) {
    expect(() => check(measure)).toThrow(expect.objectContaining({ code: "bad-argument" }));
  }
});
