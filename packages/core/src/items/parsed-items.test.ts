import { defineTask, pass, type Task, take } from "@rrr/core";
import { countdown } from "@rrr/task-countdown";
import { expect, test, vi } from "vitest";
import { parseItem } from "./parse-item.ts";
import { parsedItems } from "./parsed-items.ts";

type Validate = Task<number>["schema"]["~standard"]["validate"];

function numbers(validate: Validate, items: () => Iterable<number>): Task<number> {
  const schema = { "~standard": { version: 1, vendor: "test", validate } } as const;
  return defineTask<number>({ name: "numbers", schema, items, prompt: () => [], verify: () => pass() });
}

const smallOnly: Validate = (value) =>
  Number(value) < 3 ? { value: Number(value) * 10 } : { issues: [{ message: "too large" }] };

test("items are what the schema puts out; the first that it refuses is an error", async () => {
  const items = parsedItems(
    numbers(smallOnly, () => [1, 2, 3]),
    "train",
    0,
  );
  expect([await items.next(), await items.next()]).toMatchObject([{ value: 10 }, { value: 20 }]);
  await expect(items.next()).rejects.toMatchObject({ code: "bad-item" });
});

test("an error in items() is the task's, not ours", async () => {
  const task = numbers(smallOnly, () => {
    throw new Error("no luck");
  });
  await expect(parsedItems(task, "test", 0).next()).rejects.toMatchObject({
    code: "bad-task",
    message: expect.stringContaining("no luck"),
  });
});

test.each(["train", "test"] as const)("the schema of Countdown changes no %s item", async (split) => {
  const task = countdown();
  expect(await take(parsedItems(task, split, 7), 50)).toEqual(await take(task.items(split, 7), 50));
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
