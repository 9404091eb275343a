import type { Measure, Outcomes } from "@rrr/trainer";
import { expect, test } from "vitest";
import { after, before, evaluation, header, measured } from "../../test/evaluations.ts";
import { reportText } from "./report-text.ts";
import { type Measured, toResult } from "./result.ts";
import { retryText } from "./retry-text.ts";

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

                                      before training              after training               difference, paired
    first try                         14.7 to 16.7 % [9.1, 25.1]   36.3 to 38.2 % [27.6, 47.9]  +19.6 to +23.5 [+10.7, +32.0]  p < 0.001
    after reflection                  26.5 to 28.4 % [18.9, 37.8]  51.0 to 52.9 % [41.4, 62.3]  +22.5 to +26.5 [+13.2, +34.7]  p < 0.001
      control: blind retry            19.6 to 21.6 % [13.1, 30.5]  39.2 to 41.2 % [30.3, 50.9]  +17.6 to +21.6 [+9.0, +29.6]   p < 0.001
      control: another's reflection   19.6 to 21.6 % [13.1, 30.5]  37.3 to 39.2 % [28.5, 48.9]  +15.7 to +19.6 [+7.4, +27.5]   p < 0.001
      control: two attempts (pass@2)  26.5 to 28.4 % [18.9, 37.8]  53.9 to 55.9 % [44.3, 65.1]  +25.5 to +29.4 [+15.7, +37.9]  p < 0.001
      control: attempts, same tokens  not measured                 not measured
    reflections stating an answer     3.0 % [1.0, 8.5]             9.0 % [4.8, 16.2]            +6.0 [+0.9, +12.6]             p = 0.031
    greedy: first try                 21.6 to 23.5 % [14.7, 32.6]  30.4 to 32.4 % [22.3, 41.9]  +6.9 to +10.8 [+0.3, +17.3]    p ≤ 0.065
    greedy: after reflection          24.5 to 26.5 % [17.2, 35.8]  39.2 to 41.2 % [30.3, 50.9]  +12.7 to +16.7 [+4.9, +24.0]   p ≤ 0.002
    errored problems                  2                            2

    95 % intervals: Wilson; differences in points with Newcombe's; p: McNemar's exact test.

    Training raised success after reflection: +22.5 to +26.5 points, p < 0.001.
    Training raised the first try: +19.6 to +23.5 points, p < 0.001.
    Reflection beats blind retry: +9.8 to +13.7 points, p ≤ 0.013.
    Reflection beats another's reflection: +11.8 to +15.7 points, p ≤ 0.004.
    Reflection does NOT beat two attempts (pass@2): −4.9 to −1.0 points, p ≤ 1.000.
    Before training, 2 of 102 problems errored: a share is given as bounds, “a to b %”, as if what is missing had failed or passed. \`rrr resume --retry-errored\` asks for it again.
    Before training, attempts, same tokens was not measured: the server does not say how many tokens it sampled.
    After training, 2 of 102 problems errored: a share is given as bounds, “a to b %”, as if what is missing had failed or passed. \`rrr resume --retry-errored\` asks for it again.
    After training, attempts, same tokens was not measured: the server does not say how many tokens it sampled.
    "
  `);
});

test("without training there is one column, and the controls are judged all the same", () => {
  const result = toResult({ ...header, steps: 0 }, evaluation({ first: 15, after: 15, blind: 15 }));
  expect(reportText(result)).toMatchInlineSnapshot(`
    "even · built-in model · 100 held-out problems · seed 0

                                      share of problems
    first try                         15.0 % [9.3, 23.3]
    after reflection                  15.0 % [9.3, 23.3]
      control: blind retry            15.0 % [9.3, 23.3]
      control: two attempts (pass@2)  not measured
      control: attempts, same tokens  not measured
    errored problems                  0

    95 % intervals: Wilson; differences in points with Newcombe's; p: McNemar's exact test.

    Reflection does NOT beat blind retry: 0.0 points, p = 1.000.
    Two attempts (pass@2) was not measured: what it needs errored.
    Attempts, same tokens was not measured: the server does not say how many tokens it sampled.
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
    "After training, 3 of 100 problems could not be checked: blind retry.",
    "After training, 1 of 100 problems could not be checked: greedy: first try.",
  ]);
});

test("errors that could turn a conclusion leave none", () => {
  const result = toResult(header, evaluation(before, 40), evaluation({ ...before, after: 40 }, 40));
  const text = reportText(result);
  expect(text).toMatch(
    /^Whether training changed success after reflection CANNOT BE TOLD: 40 of 140 problems/m,
  );
  expect(text).toContain("which could turn it, from −19.3 to +37.9 points.");
  expect(text).not.toMatch(/Training (raised|LOWERED)/);
});

test("what was asked for and could not be measured is there, with its reason", () => {
  const whole = evaluation({ first: 15, after: 27 });
  const errors = [
    { where: "greedy", code: "model-failed", message: "no temperature 0.", count: 100 },
  ] as const;
  const asked = { controls: false, greedy: true };
  const text = reportText(toResult({ ...header, steps: 0 }, { ...whole, asked, errors }));
  expect(text).toMatch(/^greedy: first try +not measured$/m);
  expect(text).toContain("Greedy: first try was not measured: no temperature 0 (100 times).");
});

test("a limit that decides what passes is said to", () => {
  const turn = { cached: 0, estimated: 0, contradicted: 0 };
  const answers = { attempt: { ...turn, answers: 100, cut: 40, cutFailures: 38 } };
  const text = reportText(
    toResult({ ...header, steps: 0 }, { ...evaluation({ first: 15, after: 15 }), answers }),
  );
  expect(text).toMatch(/^answers cut off at the limit +40 of 100$/m);
  expect(text).toMatch(/^38 of 100 attempts \(38.0 %\) failed because, or after, they were cut off/m);
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

const otherwise = { retry: { layout: "note", temperature: 0 } } as const;

test("what a fresh attempt reaches under the retry's conditions is no gain of reflection", () => {
  // As a study measured it: right in a fifth of samples, in half of greedy retries, in three quarters of greedy attempts.
  const found = evaluation({ first: 20, after: 58, fresh: 81, donor: 57, passAt2: 36 });
  const text = reportText(toResult({ ...header, steps: 0, ...otherwise }, found));
  expect(text).toMatchInlineSnapshot(`
    "even · built-in model · 100 held-out problems · seed 0

                                      share of problems
    first try                         20.0 % [13.3, 28.9]
    after reflection                  58.0 % [48.2, 67.2]
      control: fresh, retry settings  81.0 % [72.2, 87.5]
      control: another's reflection   57.0 % [47.2, 66.3]
      control: two attempts (pass@2)  36.0 % [27.3, 45.8]
      control: attempts, same tokens  not measured
    errored problems                  0

    95 % intervals: Wilson; differences in points with Newcombe's; p: McNemar's exact test.

    Retries had other conditions than first attempts: in the layout note, without the failed attempt, at temperature 0. A fresh attempt under the same conditions has no reflection: reflections are worth only what success after reflection gains over it.
    Reflection does NOT beat a fresh attempt under the retry's conditions: −23.0 points, p < 0.001.
    Reflection is NOT shown to beat another's reflection: +1.0 points, p = 1.000.
    The retry's lead over two attempts (pass@2): +22.0 points, p < 0.001, is NOT shown to be reflection's: a fresh attempt may have it too.
    Attempts, same tokens was not measured: the server does not say how many tokens it sampled.
    "
  `);
});

test("a gain of training that a fresh attempt reaches as well is not called one of reflection", () => {
  const [was, is] = [
    { first: 12, after: 40, fresh: 76 },
    { first: 19, after: 66, fresh: 76 },
  ];
  const text = reportText(toResult({ ...header, ...otherwise }, evaluation(was), evaluation(is)));
  expect(text).toMatch(
    /^Training raised success after reflection: \+26.0 points, p < 0.001, but it is not shown to beat a fresh attempt/m,
  );
  const unknown = {
    ...evaluation({ first: 19, after: 66, blind: 20 }),
    asked: { controls: true, greedy: false, retryControls: ["blind", "fresh"] },
  } as const;
  const unmeasured = reportText(toResult({ ...header, steps: 0, ...otherwise }, unknown));
  expect(unmeasured).toContain("A fresh attempt under the retry's conditions was not measured");
  expect(unmeasured).toContain("over blind retry: +46.0 points, p < 0.001, is NOT shown to be reflection's");
  const beaten = evaluation({ ...is, fresh: 50, blind: 50 });
  const beats = reportText(toResult({ ...header, ...otherwise }, evaluation(was), beaten));
  expect(beats).toContain("Reflection beats a fresh attempt under the retry's conditions: +16.0 points");
  expect(beats).toContain("Reflection beats blind retry: +16.0 points");
  expect(beats).not.toContain("but it is not shown");
});

test("without controls a lift under other conditions is said to have no known cause", () => {
  const whole = evaluation({ first: 15, after: 27 });
  const asked = { controls: false, greedy: false, retryControls: ["fresh"] } as const;
  const limits = { attempt: 80, reflection: 80, retry: 1_200, from: {} as never };
  const text = reportText(toResult({ ...header, steps: 0, retry: { layout: "note" } }, { ...whole, asked }));
  expect(text).toContain("how much of a lift is theirs and how much is the reflections' is NOT known");
  expect(text).not.toContain("not measured");
  const longer = toResult({ ...header, steps: 0 }, { ...whole, asked });
  expect(retryText({ ...longer, limits }).join()).toContain("with 1,200 tokens for 80.");
});
