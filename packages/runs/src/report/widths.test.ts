import type { Outcomes } from "@rrr/trainer";
import { expect, test } from "vitest";
import { after, before, evaluation, header, measured } from "../../test/evaluations.ts";
import type { ComparedRun, RunComparison } from "../read/compare-runs.ts";
import { comparisonText } from "./comparison-text.ts";
import { reportText } from "./report-text.ts";
import { toResult } from "./result.ts";
import { type Layout, widthOf } from "./wrap-text.ts";

const LONG = "a-task-whose-name-is-far-longer-than-any-line-of-a-terminal-that-is-eighty-columns-wide";

const trained = toResult(header, evaluation(before), evaluation(after));
const bounded = toResult(header, evaluation(before, 2), evaluation(after, 2));
const extreme = toResult(
  { ...header, task: LONG, model: `./${LONG}/${LONG}`, reward: "random" },
  evaluation({ first: 0, after: 0, matched: 100, passAt2: 100 }),
  evaluation({ first: 100, after: 100, matched: 0, passAt2: 0 }),
);
const single = toResult({ ...header, steps: 0 }, evaluation(before));
const outcomes = (first: boolean, after: boolean, after2: boolean): Outcomes => ({ first, after, after2 });
const sampled = (share: number) =>
  measured(
    Array.from({ length: 40 }, (_, i) => [
      outcomes(i < share, i < 2 * share, i < 3 * share),
      outcomes(i % 2 === 0, true, true),
    ]),
    2,
    2,
  );

const compared = (
  name: string,
  stage: ComparedRun["stage"],
  summary: ComparedRun["summary"],
): ComparedRun => ({
  ...{ name, folder: `/runs/${name}`, task: name, model: "openai:m", stage, status: "stopped", summary },
});
const comparison: RunComparison = {
  runs: [
    compared("20261121-141650-countdown", "before", trained.before),
    compared(LONG, "evaluate", trained.after ?? trained.before),
  ],
  problems: 100,
  left: [0, 12],
  differences: trained.gains ?? {},
  settings: [
    {
      setting: "base URL",
      values: [null, "https://a-server-with-a-long-name.example.com/gateway/openai/v1"],
    },
    { setting: "request field chat_template_kwargs.enable_thinking", values: [false, true] },
  ],
  flips: Array.from({ length: 7 }, (_, i) => ({
    ...{ measure: "first", problems: [i, i + 10], shares: [0, 1] },
    item: { numbers: [1, 2, 3, 4, 5, 6], target: 100 + i, note: "several words that may be broken" },
  })),
};

const TEXTS: readonly (readonly [string, (layout: Layout) => string])[] = [
  ["before and after training", (layout) => reportText(trained, layout)],
  ["bounds where problems errored", (layout) => reportText(bounded, layout)],
  ["the widest figures, long names", (layout) => reportText(extreme, layout)],
  [
    "retries under other conditions",
    (layout) => reportText(toResult(header, evaluation({ ...before, fresh: 30 }), evaluation(after)), layout),
  ],
  ["one evaluation", (layout) => reportText(single, layout)],
  ["samples and rounds", (layout) => reportText(toResult(header, sampled(10), sampled(13)), layout)],
  ["a comparison", (layout) => comparisonText(comparison, layout)],
];
const FIGURE = /\[[^\]\n]*\]|p [<=] [\d.]+|[+−]?\d+\.\d( %)?/g;
const figuresOf = (text: string): readonly string[] => (text.match(FIGURE) ?? []).toSorted();
const lettersOf = (text: string): string => text.replace(/\s/g, "");

test.each(TEXTS)("%s: no line is longer than the terminal, and every figure is there, whole", (_, textIn) => {
  const whole = textIn({});
  for (const columns of [60, 61, 70, 80, 90, 100, 110, 120]) {
    const text = textIn({ columns });
    expect(widthOf(text)).toBeLessThanOrEqual(columns);
    expect(figuresOf(text)).toEqual(figuresOf(whole));
    if (columns === 120 && widthOf(tableIn(whole)) <= columns) expect(text).toContain(tableIn(whole));
    for (const word of whole.match(/[\p{L}@'\d]+/gu) ?? []) expect(lettersOf(text)).toContain(word);
  }
});

const tableIn = (text: string): string => text.split("\n\n")[1] ?? "";

test("at 80 columns the differences come below the shares", () => {
  expect(reportText(trained, { columns: 80 })).toMatchInlineSnapshot(`
    "even · built-in model · 100 held-out problems · seed 0 · 5 steps

                                      before training      after training
    first try                         15.0 % [9.3, 23.3]   37.0 % [28.2, 46.8]
    after reflection                  27.0 % [19.3, 36.4]  52.0 % [42.3, 61.5]
      control: blind retry            20.0 % [13.3, 28.9]  40.0 % [30.9, 49.8]
      control: another's reflection   20.0 % [13.3, 28.9]  38.0 % [29.1, 47.8]
      control: two attempts (pass@2)  27.0 % [19.3, 36.4]  55.0 % [45.2, 64.4]
      control: attempts, same tokens  not measured         not measured
    reflections stating an answer     3.0 % [1.0, 8.5]     9.0 % [4.8, 16.2]
    greedy: first try                 22.0 % [15.0, 31.1]  31.0 % [22.8, 40.6]
    greedy: after reflection          25.0 % [17.5, 34.3]  40.0 % [30.9, 49.8]
    errored problems                  0                    0

                                      difference, paired
    first try                         +22.0 [+13.6, +30.4]  p < 0.001
    after reflection                  +25.0 [+16.0, +33.2]  p < 0.001
      control: blind retry            +20.0 [+11.8, +28.0]  p < 0.001
      control: another's reflection   +18.0 [+10.2, +25.8]  p < 0.001
      control: two attempts (pass@2)  +28.0 [+18.7, +36.4]  p < 0.001
    reflections stating an answer     +6.0 [+0.9, +12.6]    p = 0.031
    greedy: first try                 +9.0 [+3.0, +15.2]    p = 0.004
    greedy: after reflection          +15.0 [+7.7, +22.2]   p < 0.001

    95 % intervals: Wilson; differences in points with Newcombe's; p: McNemar's
    exact test.

    Training raised success after reflection: +25.0 points, p < 0.001.
    Training raised the first try: +22.0 points, p < 0.001.
    Reflection beats blind retry: +12.0 points, p < 0.001.
    Reflection beats another's reflection: +14.0 points, p < 0.001.
    Reflection does NOT beat two attempts (pass@2): −3.0 points, p = 0.250.
    Before training, attempts, same tokens was not measured: the server does not say
    how many tokens it sampled.
    After training, attempts, same tokens was not measured: the server does not say
    how many tokens it sampled.
    "
  `);
});

test("at 60 columns each interval comes below its figure", () => {
  expect(reportText(trained, { columns: 60 })).toMatchInlineSnapshot(`
    "even · built-in model · 100 held-out problems · seed 0 ·
    5 steps

                                      before        after
                                      training      training
    first try                         15.0 %        37.0 %
                                      [9.3, 23.3]   [28.2, 46.8]
    after reflection                  27.0 %        52.0 %
                                      [19.3, 36.4]  [42.3, 61.5]
      control: blind retry            20.0 %        40.0 %
                                      [13.3, 28.9]  [30.9, 49.8]
      control: another's reflection   20.0 %        38.0 %
                                      [13.3, 28.9]  [29.1, 47.8]
      control: two attempts (pass@2)  27.0 %        55.0 %
                                      [19.3, 36.4]  [45.2, 64.4]
      control: attempts, same tokens  not measured  not measured
    reflections stating an answer     3.0 %         9.0 %
                                      [1.0, 8.5]    [4.8, 16.2]
    greedy: first try                 22.0 %        31.0 %
                                      [15.0, 31.1]  [22.8, 40.6]
    greedy: after reflection          25.0 %        40.0 %
                                      [17.5, 34.3]  [30.9, 49.8]
    errored problems                  0             0

                                      difference,
                                      paired
    first try                         +22.0           p < 0.001
                                      [+13.6, +30.4]
    after reflection                  +25.0           p < 0.001
                                      [+16.0, +33.2]
      control: blind retry            +20.0           p < 0.001
                                      [+11.8, +28.0]
      control: another's reflection   +18.0           p < 0.001
                                      [+10.2, +25.8]
      control: two attempts (pass@2)  +28.0           p < 0.001
                                      [+18.7, +36.4]
    reflections stating an answer     +6.0            p = 0.031
                                      [+0.9, +12.6]
    greedy: first try                 +9.0            p = 0.004
                                      [+3.0, +15.2]
    greedy: after reflection          +15.0           p < 0.001
                                      [+7.7, +22.2]

    95 % intervals: Wilson; differences in points with
    Newcombe's; p: McNemar's exact test.

    Training raised success after reflection: +25.0 points,
    p < 0.001.
    Training raised the first try: +22.0 points, p < 0.001.
    Reflection beats blind retry: +12.0 points, p < 0.001.
    Reflection beats another's reflection: +14.0 points,
    p < 0.001.
    Reflection does NOT beat two attempts (pass@2): −3.0 points,
    p = 0.250.
    Before training, attempts, same tokens was not measured: the
    server does not say how many tokens it sampled.
    After training, attempts, same tokens was not measured: the
    server does not say how many tokens it sampled.
    "
  `);
});

test("a comparison at 60 columns", () => {
  expect(comparisonText(comparison, { columns: 60 })).toMatchInlineSnapshot(`
    "20261121-141650-countdown and a-task-whose-name-is-far-longe
    r-than-any-line-of-a-terminal-that-is-eighty-columns-wide ·
    100 problems, paired

                                      A             B
    first try                         15.0 %        37.0 %
                                      [9.3, 23.3]   [28.2, 46.8]
    after reflection                  27.0 %        52.0 %
                                      [19.3, 36.4]  [42.3, 61.5]
      control: blind retry            20.0 %        40.0 %
                                      [13.3, 28.9]  [30.9, 49.8]
      control: another's reflection   20.0 %        38.0 %
                                      [13.3, 28.9]  [29.1, 47.8]
      control: two attempts (pass@2)  27.0 %        55.0 %
                                      [19.3, 36.4]  [45.2, 64.4]
    reflections stating an answer     3.0 %         9.0 %
                                      [1.0, 8.5]    [4.8, 16.2]
    greedy: first try                 22.0 %        31.0 %
                                      [15.0, 31.1]  [22.8, 40.6]
    greedy: after reflection          25.0 %        40.0 %
                                      [17.5, 34.3]  [30.9, 49.8]
    errored                           0             0

                                      B − A
    first try                         +22.0           p < 0.001
                                      [+13.6, +30.4]
    after reflection                  +25.0           p < 0.001
                                      [+16.0, +33.2]
      control: blind retry            +20.0           p < 0.001
                                      [+11.8, +28.0]
      control: another's reflection   +18.0           p < 0.001
                                      [+10.2, +25.8]
      control: two attempts (pass@2)  +28.0           p < 0.001
                                      [+18.7, +36.4]
    reflections stating an answer     +6.0            p = 0.031
                                      [+0.9, +12.6]
    greedy: first try                 +9.0            p = 0.004
                                      [+3.0, +15.2]
    greedy: after reflection          +15.0           p < 0.001
                                      [+7.7, +22.2]

    A  openai:m (20261121-141650-countdown, before)
    B  openai:m (a-task-whose-name-is-far-longer-than-any-line-o
       f-a-terminal-that-is-eighty-columns-wide)

    95 % intervals: Wilson; differences in points with
    Newcombe's; p: McNemar's exact test.

    B is better in first try: +22.0 points, p < 0.001.
    B is better in after reflection: +25.0 points, p < 0.001.
    Only the 100 problems that both have are compared; 0 and
    12 are in one alone.
    A is not finished (stopped): its shares are of what is done,
    and too high or too low.
    B is not finished (stopped): its shares are of what is done,
    and too high or too low.

    Settings that differ
      base URL: A the default, B "https://a-server-with-a-long-n
      ame.example.com/gateway/openai/v1"
      request field chat_template_kwargs.enable_thinking: A
      false, B true

    first try, only B passes: 7
      0/10  {"numbers":[1,2,3,4,5,6],"target":100,"note":"severa
            l words that may be broken"}
      1/11  {"numbers":[1,2,3,4,5,6],"target":101,"note":"severa
            l words that may be broken"}
      2/12  {"numbers":[1,2,3,4,5,6],"target":102,"note":"severa
            l words that may be broken"}
      3/13  {"numbers":[1,2,3,4,5,6],"target":103,"note":"severa
            l words that may be broken"}
      4/14  {"numbers":[1,2,3,4,5,6],"target":104,"note":"severa
            l words that may be broken"}
      … and 2 more; --json lists all
    "
  `);
});
