/** A study's false claim, from the answers of a model to the words of the report. */
import { uniformAt } from "@rrr/core";
import { scriptedModel } from "@rrr/core/testing";
import { evaluate, resultOf } from "@rrr/trainer";
import { expect, test } from "vitest";
import { spoken, toyTask } from "../../../trainer/src/fixtures/toy-task.ts";
import { header } from "../../test/evaluations.ts";
import { reportText } from "./report-text.ts";
import { toResult } from "./result.ts";

/** Right in 20 % of samples; greedy, in 76 % of attempts and in 48 % of retries with a note. */
const rightWhenGreedy = scriptedModel(({ last, options: { temperature, seed } }) => {
  if (last === "why?") return spoken("I should be more careful.");
  const digit = Number(/say (\d+)$/.exec(last)?.[1]);
  const isNoted = last.includes("<note>");
  if (temperature > 0) return spoken(uniformAt(seed, 0) < 0.2 ? String(digit) : "x");
  return spoken(uniformAt(digit, isNoted ? 1 : 0) < (isNoted ? 0.48 : 0.76) ? String(digit) : "x");
});

test("a model that is right only when it is greedy is not said to gain by reflection", async () => {
  const items = Array.from({ length: 300 }, (_, digit) => ({ digit }));
  const retry = { layout: "note", temperature: 0 } as const;
  const settings = { retryLayout: retry.layout, retryTemperature: retry.temperature, greedy: false };
  const measured = await resultOf(evaluate(toyTask, rightWhenGreedy, items, settings));
  const { first, after, passAt2 } = measured.rates;
  // As it looks without the control: twice as many after reflection, and more than a second attempt brings.
  expect(after?.low).toBeGreaterThan(2 * (first?.value ?? 1));
  expect(after?.low).toBeGreaterThan(passAt2?.high ?? 1);
  const text = reportText(toResult({ ...header, steps: 0, retry }, measured));
  expect(text).toMatch(/^Reflection does NOT beat a fresh attempt under the retry's conditions: −/m);
  expect(text).toMatch(/lead over two attempts \(pass@2\).* is NOT shown to be reflection's/);
  expect(text).not.toMatch(/Reflection beats/);
});
