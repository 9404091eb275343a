import { defineTask, pass, type Task, take } from "@rrr/core";
import { countdown } from "@rrr/task-countdown";
import { expect, test, vi } from "vitest";
import { itemsOf } from "./items-of.ts";
import { parseItem } from "./parse-item.ts";

type Validate = Task<number>["schema"]["~standard"]["validate"];

function numbers(validate: Validate, items: () => Iterable<number>): Task<number> {
  const schema = { "~standard": { version: 1, vendor: "test", validate } } as const;
  return defineTask<number>({ name: "numbers", schema, items, prompt: () => [], verify: () => pass() });
}

const smallOnly: Validate = (value) =>
  Number(value) < 3 ? { value: Number(value) * 10 } : { issues: [{ message: "too large" }] };

test("an item is what the schema puts out; one that it refuses is an error", async () => {
  const task = numbers(smallOnly, () => [1, 3]);
  const [small, large] = await take(itemsOf(task, "train", 0), 2);
  expect(await parseItem(task, small)).toBe(10);
  await expect(parseItem(task, large)).rejects.toMatchObject({ code: "bad-item" });
});

test("an error in items() is the task's, not ours", async () => {
  const task = numbers(smallOnly, () => {
    throw new Error("no luck");
  });
  await expect(itemsOf(task, "test", 0).next()).rejects.toMatchObject({
    code: "bad-task",
    message: expect.stringContaining("no luck"),
  });
});

test.each(["train", "test"] as const)("the schema of Countdown changes no %s item", async (split) => {
  const task = countdown();
  for (const item of await take(itemsOf(task, split, 7), 50))
    expect(await parseItem(task, item)).toEqual(item);
});

test("a schema that never answers has the time of a verifier, no more", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const never = numbers(
      () => new Promise(() => {}),
      () => [],
    );
    const parsed = expect(parseItem(never, 1)).rejects.toMatchObject({
      code: "bad-task",
      message: expect.stringContaining("no answer within 5000 ms"),
    });
    await vi.advanceTimersByTimeAsync(5_000);
    await parsed;
  } finally {
    vi.useRealTimers();
  }
});
