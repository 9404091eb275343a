import { verifyWithin } from "@rrr/core";
import { testTask } from "@rrr/core/testing";
import { expect, test } from "vitest";
import myTask from "./index.ts";

test("the task keeps the contract", { timeout: 60_000 }, async () => {
  expect(await testTask(myTask())).toEqual([]);
});

test.each([
  ["<answer>Fe</answer>", { kind: "pass" }],
  ["Ferrum, so <answer> fe </answer>\n", { kind: "pass" }],
  ["<answer>Ir</answer>", { kind: "fail", code: "wrong-answer" }],
  ["<answer></answer>", { kind: "fail", code: "no-answer" }],
  ["Fe", { kind: "fail", code: "no-answer" }],
])("%j", async (completion, verdict) => {
  const iron = { question: "What is the chemical symbol of iron?", answer: "Fe" };
  expect(await verifyWithin(myTask(), iron, completion)).toEqual(verdict);
});

test("data that cannot be read are refused, with the place", () => {
  expect(() => myTask({ data: import.meta.filename })).toThrow(/index\.test\.ts, line 1 is not JSON/);
});
