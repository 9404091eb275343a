import { expect, it } from "vitest";
import { sumTask } from "../test/sum-task.ts";
import { reflectionLeaks } from "./leaks.ts";

const item = { a: 2, b: 3 };

it("asks the verifier where the task has no rule of its own", async () => {
  expect(await reflectionLeaks(sumTask, item, "= 5")).toBe(true);
  expect(await reflectionLeaks(sumTask, item, "It is = 5")).toBe(false);
});

it("asks the task where it has one", async () => {
  const task = { ...sumTask, leaks: (_: unknown, text: string) => text.includes("= 5") };
  expect(await reflectionLeaks(task, item, "It is = 5")).toBe(true);
});

it("names the task whose rule breaks", async () => {
  const broken = { ...sumTask, leaks: () => Promise.reject(new Error("boom")) };
  await expect(reflectionLeaks(broken, item, "")).rejects.toMatchObject({
    code: "bad-task",
    message: 'task "sum": leaks() failed: boom',
  });
  const odd = { ...sumTask, leaks: () => "yes" as unknown as boolean };
  await expect(reflectionLeaks(odd, item, "")).rejects.toThrow("returned string instead of a boolean");
});

it("does not know where no verdict comes, or the time is up", async () => {
  const broken = { ...sumTask, verify: () => Promise.reject(new Error("boom")) };
  expect(await reflectionLeaks(broken, item, "= 5")).toBeUndefined();
  const stuck = { ...sumTask, leaks: () => new Promise<boolean>(() => {}) };
  expect(await reflectionLeaks(stuck, item, "= 5", { timeoutMs: 20 })).toBeUndefined();
});

it.each([
  ["the rule", { leaks: () => new Promise<boolean>(() => {}) }],
  ["the verifier", { verify: () => new Promise<never>(() => {}) }],
])("an abort ends the wait for %s", async (_, change) => {
  const signal = AbortSignal.timeout(20);
  await expect(reflectionLeaks({ ...sumTask, ...change }, item, "= 5", { signal })).rejects.toMatchObject({
    code: "aborted",
  });
});
