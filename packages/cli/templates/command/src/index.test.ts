import { verifyWithin } from "@rrr/core";
import { testTask } from "@rrr/core/testing";
import { expect, test } from "vitest";
import task from "./index.ts";

test("the task keeps the contract", { timeout: 60_000 }, async () => {
  expect(await testTask(task)).toEqual([]);
});

test.each([
  ["<answer>bread cloud igloo</answer>", { kind: "pass" }],
  ["Sorted: <answer> bread cloud  igloo </answer>\n", { kind: "pass" }],
  ["<answer>bread igloo cloud</answer>", { kind: "fail", code: "wrong-order" }],
  ["<answer>bread cloud</answer>", { kind: "fail", code: "wrong-order" }],
  ["bread cloud igloo", { kind: "fail", code: "no-answer" }],
])("%j", async (completion, verdict) => {
  expect(await verifyWithin(task, { words: ["igloo", "bread", "cloud"] }, completion)).toEqual(verdict);
});
