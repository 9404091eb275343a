import { verifyWithin } from "@rrr/core";
import { testTask } from "@rrr/core/testing";
import { expect, test } from "vitest";
import task from "./index.ts";

test("the task keeps the contract", { timeout: 60_000 }, async () => {
  expect(await testTask(task)).toEqual([]);
});

test.each([
  ["<answer>144</answer>", { kind: "pass" }],
  ["12 × 12 = 144, so <answer>144</answer>\n", { kind: "pass" }],
  ["<answer>145</answer>", { kind: "fail", code: "wrong-number" }],
  ["<answer>144.0</answer>", { kind: "fail", code: "no-answer" }],
  ["144", { kind: "fail", code: "no-answer" }],
])("%j", async (completion, verdict) => {
  expect(await verifyWithin(task, { n: 12 }, completion)).toEqual(verdict);
});
