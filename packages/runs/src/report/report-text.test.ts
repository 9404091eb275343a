import type { Measure, Outcomes } from "@rrr/trainer";
import { expect, test } from "vitest";
import { after, before, evaluation, header, measured } from "../../test/evaluations.ts";
import { reportText } from "./report-text.ts";
import { type Measured, toResult } from "./result.ts";

/** Without the outcomes of some measure for the first few problems. */
function without(whole: Measured, missing: Partial<Record<Measure, number>>): Measured {
  const table = whole.table.map((samples, i) =>
    samples.map((outcomes) =>
      Object.fromEntries(
        Object.entries(outcomes).filter(([measure]) => i >= (missing[measure as Measure] ?? 0)),
      ),
    ),
  );
  return measured(table);
}

test("a trained model's report", () => {
  expect(reportText(toResult(header, evaluation(before, 2), evaluation(after, 2)))).toMatchInlineSnapshot(`
    "even · built-in model · 102 held-out problems · seed 0 · 5 steps

                                      before training      after training       difference, paired
    first try                         15.0 % [9.3, 23.3]   37.0 % [28.2, 46.8]  +22.0 [+13.6, +30.4]  p < 0.001
    after reflection                  27.0 % [19.3, 36.4]  52.0 % [42.3, 61.5]  +25.0 [+16.0, +33.2]  p < 0.001
      control: blind retry            20.0 % [13.3, 28.9]  40.0 % [30.9, 49.8]  +20.0 [+11.8, +28.0]  p < 0.001
      control: another's reflection   20.0 % [13.3, 28.9]  38.0 % [29.1, 47.8]  +18.0 [+10.2, +25.8]  p < 0.001
      control: two attempts (pass@2)  27.0 % [19.3, 36.4]  55.0 % [45.2, 64.4]  +28.0 [+18.7, +36.4]  p < 0.001
    reflections stating an answer     3.0 % [1.0, 8.5]     9.0 % [4.8, 16.2]    +6.0 [+0.9, +12.6]    p = 0.031
    greedy: first try                 22.0 % [15.0, 31.1]  31.0 % [22.8, 40.6]  +9.0 [+3.0, +15.2]    p = 0.004
    greedy: after reflection          25.0 % [17.5, 34.3]  40.0 % [30.9, 49.8]  +15.0 [+7.7, +22.2]   p < 0.001
    errored problems, in no share     2                    2

    95 % intervals: Wilson; differences in points with Newcombe's; p: McNemar's exact test.

    Training raised success after reflection: +25.0 points, p < 0.001.
    Training raised the first try: +22.0 points, p < 0.001.
    Reflection beats blind retry: +12.0 points, p < 0.001.
    Reflection beats another's reflection: +14.0 points, p < 0.001.
    Reflection does NOT beat two attempts (pass@2): −3.0 points, p = 0.250.
    2 of 102 problems errored and are in no share.
    "
  `);
});

test("without training there is one column, and the controls are judged all the same", () => {
  const result = toResult({ ...header, steps: 0 }, evaluation({ first: 15, after: 15, blind: 15 }));
  expect(reportText(result)).toMatchInlineSnapshot(`
    "even · built-in model · 100 held-out problems · seed 0

                                   share of problems
    first try                      15.0 % [9.3, 23.3]
    after reflection               15.0 % [9.3, 23.3]
      control: blind retry         15.0 % [9.3, 23.3]
    errored problems, in no share  0

    95 % intervals: Wilson; differences in points with Newcombe's; p: McNemar's exact test.

    Reflection does NOT beat blind retry: 0.0 points, p = 1.000.
    "
  `);
});

test("a control that reflection only seems to beat is not called beaten", () => {
  const close = evaluation({ first: 10, after: 22, blind: 20 });
  expect(reportText(toResult(header, close, close))).toContain("Reflection is NOT shown to beat blind retry");
});

test("random rewards are named in the title", () => {
  const text = reportText(toResult({ ...header, reward: "random" }, evaluation(before), evaluation(before)));
  expect(text).toContain("RANDOM rewards");
  expect(text).toContain("Training is not shown to change the first try");
});

test("a control that could not be checked everywhere is named", () => {
  const whole = evaluation(before);
  const text = reportText(toResult(header, whole, without(whole, { blind: 3, greedyFirst: 1 })));
  expect(text.trimEnd().split("\n").slice(-2)).toEqual([
    "3 of 100 problems could not be checked: after training, blind retry.",
    "1 of 100 problems could not be checked: after training, greedy: first try.",
  ]);
});

test("several samples and rounds have rows of their own, and intervals over problems", () => {
  const outcomes = (first: boolean, after: boolean, after2: boolean): Outcomes => ({ first, after, after2 });
  const table = Array.from({ length: 40 }, (_, i) => [
    outcomes(i < 10, i < 20, i < 30),
    outcomes(i % 2 === 0, true, true),
  ]);
  const text = reportText(toResult({ ...header, steps: 0 }, measured(table, 2, 2)));
  expect(text).toMatch(/^even · built-in model · 40 held-out problems · 2 samples of each · seed 0\n/);
  expect(text).toMatch(/^after reflection +75.0 % \[/m);
  expect(text).toMatch(/^after 2 reflections +87.5 % \[/m);
  // 10 first samples and every other second one: 15 of 40 problems have neither.
  expect(text).toMatch(/^pass@2, first try +62.5 % \[/m);
  expect(text).toMatch(/^pass@2, after reflection +100.0 % \[91.2, 100.0\]/m);
  expect(text).toContain("95 % intervals over problems");
});
