import { defaultReflectionRequest, RrrError, take } from "@rrr/core";
import { testTask } from "@rrr/core/testing";
import { describe, expect, it } from "vitest";
import * as surface from "./index.ts";
import { type CountdownOptions, countdown } from "./index.ts";

describe("the task", () => {
  it.each([
    [{ preset: "small" }, 100],
    [{ preset: "small", strict: true }, 100],
    [{ preset: "tinyzero" }, 100],
    [{ preset: "hard" }, 10],
    [{ count: { min: 2, max: 4 }, numbers: { min: 0, max: 9 }, target: { min: -20, max: 20 } }, 100],
  ] satisfies [CountdownOptions, number][])("conforms with %j", async (options, count) => {
    expect(await testTask(countdown(options), { count, seed: 11 })).toEqual([]);
  });

  it("takes one number for a range of one", async () => {
    const [item] = await take(countdown({ preset: "tinyzero", count: 4 }).items("test", 0), 1);
    expect(item?.numbers).toHaveLength(4);
  });

  it("asks in one user turn", () => {
    const task = countdown();
    expect(task.prompt({ numbers: [25, 7, 8], target: 24 })).toEqual([
      {
        role: "user",
        content:
          "Using the numbers [25, 7, 8], create an equation that equals 24. You can use basic arithmetic " +
          "operations (+, -, *, /) and each number must be used exactly once. Show your work in <think> " +
          "</think> tags and return the final equation in <answer> </answer> tags, for example " +
          "<answer>(1 + 2) / 3</answer>.",
      },
    ]);
    expect(task.reflect).toBe(defaultReflectionRequest);
  });

  it.each([
    [{ preset: "huge" as "hard" }, 'must be one of small, tinyzero, hard, got "huge"'],
    [{ pre: "hard" } as object, 'no option "pre"'],
    [
      { count: { min: 3, max: 7 } },
      'option "count" of task "countdown" must be a whole number or {"min": …, "max": …}, ' +
        'with 2 ≤ min ≤ max ≤ 6, got {"min":3,"max":7}',
    ],
    [{ count: 7 }, '"count"'],
    [{ numbers: { min: 5, max: 4 } }, '"numbers"'],
    [{ target: { min: 0.5, max: 4 } }, '"target"'],
    [{ target: null as never }, '"target"'],
    [{ strict: "yes" as never }, 'must be true or false, got "yes"'],
    [{ data: "" }, 'must be the path of a JSON Lines or Parquet file, got ""'],
  ])("refuses %j", (options, message) => {
    expect(() => countdown(options)).toThrow(message);
    expect(() => countdown(options)).toThrow(expect.toSatisfy((error) => RrrError.is(error, "bad-argument")));
  });
});

describe("the package", () => {
  it("has the factory as its default export", () => {
    expect(surface.default).toBe(countdown);
  });
});
