import { scriptedModel } from "@rrr/core/testing";
import { evaluate, resultOf } from "@rrr/trainer";
import { expect, test } from "vitest";
import { type Digit, toyTask } from "../../../trainer/src/fixtures/toy-task.ts";
import { retrySettings } from "../spec/run-retry.ts";
import { type EstimateInputs, estimate } from "./estimate.ts";

const inputs: EstimateInputs = {
  ...{ problems: 10, promptTokens: 100, limits: { attempt: 80, reflection: 80 } },
  evaluation: { samples: 1, rounds: 1, controls: false, greedy: false, temperature: 1 },
  retry: { layout: "conversation" },
  done: { episodes: 0, controls: 0, greedy: 0 },
};

test("between one request a problem and an attempt, a reflection and a retry of each", () => {
  expect(estimate(inputs)).toEqual({ requests: { least: 10, most: 30 }, costUsd: undefined });
  const twice = { ...inputs.evaluation, samples: 2, rounds: 2 };
  expect(estimate({ ...inputs, evaluation: twice }).requests).toEqual({ least: 20, most: 100 });
});

test("what is done costs nothing more", () => {
  const evaluation = { ...inputs.evaluation, controls: true, greedy: true };
  const done = { episodes: 10, controls: 4, greedy: 0 };
  // Blind, donor, and two independent attempts; greedy has a reflection and a retry.
  expect(estimate({ ...inputs, evaluation, done }).requests).toEqual({ least: 10, most: 6 * 4 + 30 });
  const all = { episodes: 10, controls: 10, greedy: 10 };
  expect(estimate({ ...inputs, evaluation, done: all }).requests).toEqual({ least: 0, most: 0 });
});

test("the price of prompts and answers, worked out by hand", () => {
  const { costUsd } = estimate({ ...inputs, price: { input: 1_000_000, output: 0 } });
  // Prompts of 100, 180 and 360 tokens each: attempt, reflection, retry.
  expect(costUsd?.most).toBeCloseTo(10 * (100 + 180 + 360));
  expect(costUsd?.likely).toBeCloseTo(10 * 100 + 5 * (120 + 240));
  const output = estimate({ ...inputs, price: { input: 0, output: 1_000_000 } });
  expect(output.costUsd?.most).toBeCloseTo(10 * 240);
});

test("a retry in the layout note has the problem and the note before it, and its own limit", () => {
  const limits = { attempt: 80, reflection: 80, retry: 160 };
  const noted = { ...inputs, limits, retry: { layout: "note", temperature: 0 } } as const;
  const { costUsd } = estimate({ ...noted, price: { input: 1_000_000, output: 0 } });
  expect(costUsd?.most).toBeCloseTo(10 * (100 + 180 + 180));
  const output = estimate({ ...noted, price: { input: 0, output: 1_000_000 } });
  expect(output.costUsd?.most).toBeCloseTo(10 * (80 + 80 + 160));
});

const RETRIES: readonly EstimateInputs["retry"][] = [
  { layout: "conversation" },
  { layout: "note" },
  { layout: "conversation", temperature: 0 },
  { layout: "note", temperature: 0 },
];

test.each(RETRIES)("an evaluation in which nothing passes asks as often as said: %j", async (retry) => {
  let asked = 0;
  const model = scriptedModel(() => {
    asked++;
    return { text: "no", finish: "stop", usage: { prompt: 1, completion: 1 } };
  });
  const evaluation = { samples: 2, rounds: 2, controls: true, greedy: true, temperature: 1 };
  const items: readonly Digit[] = Array.from({ length: 5 }, (_, digit) => ({ digit }));
  await resultOf(evaluate(toyTask, model, items, { ...evaluation, ...retrySettings({ retry }) }));
  const limits = { attempt: 1, reflection: 1 };
  expect(estimate({ ...inputs, problems: 5, limits, evaluation, retry }).requests.most).toBe(asked);
});
