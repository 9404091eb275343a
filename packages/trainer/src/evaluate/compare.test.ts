import { describe, expect, test } from "vitest";
import { compareEvaluations, compareMeasures, compareOutcomes } from "./compare.ts";
import type { Evaluation, Measure, Outcomes } from "./evaluation.ts";

function evaluation(all: readonly Outcomes[], itemsHash = "a"): Evaluation {
  const of = { task: "toy", model: "scripted", problems: all.length, itemsHash, samples: 1, rounds: 1 };
  return { ...of, rates: {}, passAt: [], errored: 0, tokens: {}, table: all.map((outcomes) => [outcomes]) };
}

const of = (measure: Measure, signs: string): Outcomes[] =>
  [...signs].map((sign) => (sign === " " ? {} : { [measure]: sign === "+" }));

describe("compareEvaluations", () => {
  test("pairs the items and leaves those without both outcomes out", () => {
    const before = evaluation(of("after", "++------ -"));
    const after = evaluation(of("after", "+-++++++++"));
    const comparison = compareEvaluations(before, after, "after");
    expect(comparison).toMatchObject({
      pairs: 9,
      counts: { both: 1, onlyBefore: 1, onlyAfter: 7, neither: 0 },
    });
    expect(comparison?.difference.value).toBeCloseTo(6 / 9, 10);
    // At most 1 of 8 discordant pairs going the other way, two-sided: 2·(1 + 8)/2⁸.
    expect(comparison?.p).toBeCloseTo(0.0703125, 10);
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
    { after: true },
  ]);
  expect(compareMeasures(both, "blind", "after")).toMatchObject({
    pairs: 3,
    counts: { both: 1, onlyBefore: 1, onlyAfter: 1, neither: 0 },
    difference: { value: 0 },
    p: 1,
  });
});

test("items with several samples are compared item by item, not sample by sample", () => {
  const table = (rows: readonly string[]) => rows.map((signs) => of("after", signs));
  const copies = compareOutcomes(
    [table(Array(6).fill("----")), "after"],
    [table(Array(6).fill("++++")), "after"],
  );
  const single = compareOutcomes([table(Array(6).fill("-")), "after"], [table(Array(6).fill("+")), "after"]);
  expect(copies).toMatchObject({ pairs: 6, difference: { value: 1 } });
  expect(copies?.counts).toBeUndefined();
  // Six items are six items, whether their samples are four copies or one: 2 of 2⁶ signs.
  expect(Math.abs((copies?.p ?? 0) - (single?.p ?? 1))).toBeLessThan(0.005);
  const mixed = compareOutcomes([table(["+-", "--", "  "]), "after"], [table(["++", "+ ", "++"]), "after"]);
  expect(mixed).toMatchObject({ pairs: 2, difference: { value: 0.75 } });
});
