import { describe, expect, test } from "vitest";
import { compareEvaluations, compareMeasures, compareOutcomes } from "./compare.ts";
import type { Evaluation, Measure, Outcomes } from "./evaluation.ts";

function evaluation(all: readonly Outcomes[], itemsHash = "a"): Evaluation {
  const of = { task: "toy", model: "scripted", problems: all.length, itemsHash, samples: 1, rounds: 1 };
  const asked = { controls: true, greedy: true };
  const found = { rates: {}, passAt: [], errored: 0, errors: [], answers: {}, asked };
  return { ...of, ...found, table: all.map((outcomes) => [outcomes]) };
}

const of = (measure: Measure, signs: string): Outcomes[] =>
  [...signs].map((sign) => (sign === " " ? {} : { [measure]: sign === "+" }));

describe("compareEvaluations", () => {
  test("pairs the items", () => {
    const before = evaluation(of("after", "++-------"));
    const after = evaluation(of("after", "+-+++++++"));
    const comparison = compareEvaluations(before, after, "after");
    expect(comparison).toMatchObject({
      ...{ pairs: 9, missing: 0 },
      counts: { both: 1, onlyBefore: 1, onlyAfter: 7, neither: 0 },
    });
    expect(comparison?.difference.value).toBeCloseTo(6 / 9, 10);
    // At most 1 of 8 discordant pairs going the other way, two-sided: 2·(1 + 8)/2⁸.
    expect(comparison?.p).toBeCloseTo(0.0703125, 10);
  });

  test("an item without an outcome gives bounds, and p is the largest that it can lead to", () => {
    const before = evaluation(of("after", "-------- "));
    const after = evaluation(of("after", "++++++++ "));
    const comparison = compareEvaluations(before, after, "after");
    expect(comparison).toMatchObject({ pairs: 9, missing: 1 });
    expect(comparison?.difference.value).toBeUndefined();
    expect(comparison?.difference.bounds).toEqual([expect.closeTo(7 / 9, 10), expect.closeTo(1, 10)]);
    // 8 of 9 discordant pairs one way, 2·(1 + 9)/2⁹; all 9, 2/2⁹.
    expect(comparison?.p).toBeCloseTo(0.0390625, 10);
    expect(comparison?.smallestP).toBeCloseTo(0.00390625, 10);
    expect(comparison?.difference.low).toBeLessThan(7 / 9);
  });

  test("outcomes that could turn a difference leave nothing of its p", () => {
    // 20 against 25 of 30, and 20 errored: the truth may be anything from 20 fewer to 20 more.
    const before = evaluation(of("after", `${"+".repeat(20)}${"-".repeat(10)}${" ".repeat(20)}`));
    const after = evaluation(of("after", `${"+".repeat(25)}${"-".repeat(5)}${" ".repeat(20)}`));
    const comparison = compareEvaluations(before, after, "after");
    expect(comparison).toMatchObject({ pairs: 50, missing: 20, p: 1 });
    expect(comparison?.difference.bounds).toEqual([expect.closeTo(-0.3, 10), expect.closeTo(0.5, 10)]);
    expect(comparison?.smallestP).toBeLessThan(0.001);
  });

  test("nothing to pair is no comparison", () => {
    expect(
      compareEvaluations(evaluation(of("leak", "  ")), evaluation(of("leak", "++")), "leak"),
    ).toBeUndefined();
  });

  test("refuses other items", () => {
    const compare = () =>
      compareEvaluations(evaluation(of("after", "+")), evaluation(of("after", "+"), "b"), "after");
    expect(compare).toThrow(expect.objectContaining({ code: "bad-argument" }));
  });
});

test("compareMeasures pairs a control with what it controls", () => {
  const both = evaluation([
    { blind: false, after: true },
    { blind: true, after: true },
    { blind: true, after: false },
  ]);
  expect(compareMeasures(both, "blind", "after")).toMatchObject({
    pairs: 3,
    counts: { both: 1, onlyBefore: 1, onlyAfter: 1, neither: 0 },
    difference: { value: 0 },
    p: 1,
  });
});

test("items with several samples are compared item by item, not sample by sample", () => {
  const table = (rows: readonly string[]) => ({
    table: rows.map((signs) => of("after", signs)),
    asked: { controls: true, greedy: true },
  });
  const copies = compareOutcomes(
    [table(Array(6).fill("----")), "after"],
    [table(Array(6).fill("++++")), "after"],
  );
  const single = compareOutcomes([table(Array(6).fill("-")), "after"], [table(Array(6).fill("+")), "after"]);
  expect(copies).toMatchObject({ pairs: 6, difference: { value: 1 } });
  expect(copies?.counts).toBeUndefined();
  // Six items are six items, whether their samples are four copies or one: 2 of 2⁶ signs.
  expect(Math.abs((copies?.p ?? 0) - (single?.p ?? 1))).toBeLessThan(0.005);
  const whole = compareOutcomes([table(["+-", "--"]), "after"], [table(["++", "++"]), "after"]);
  expect(whole).toMatchObject({ pairs: 2, missing: 0, difference: { value: 0.75 } });
  // Of the second item a sample is missing: it is worth a quarter of the share.
  const mixed = compareOutcomes([table(["+-", "--"]), "after"], [table(["++", "+ "]), "after"]);
  expect(mixed).toMatchObject({ pairs: 2, missing: 1, difference: { bounds: [0.5, 0.75] } });
});
