import { defaultReflectionRequest, RrrError } from "@rrr/core";
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
    [{ preset: "huge" as "hard" }, 'unknown Countdown preset "huge"'],
    [{ pre: "hard" } as object, 'no option "pre"'],
    [{ count: { min: 3, max: 7 } }, "count must be whole numbers with 2 ≤ min ≤ max ≤ 6, got 3 to 7"],
    [{ numbers: { min: 5, max: 4 } }, "numbers must be"],
    [{ target: { min: 0.5, max: 4 } }, "target must be"],
  ])("refuses %j", (options, message) => {
    expect(() => countdown(options)).toThrow(message);
    expect(() => countdown(options)).toThrow(expect.toSatisfy((error) => RrrError.is(error, "bad-argument")));
  });
});

describe("the package", () => {
  it("has the factory as its default export", () => {
    expect(surface.default).toBe(countdown);
  });

  it("exports this and nothing else", () => {
    expect(Object.keys(surface).toSorted()).toEqual([
      "PRESETS",
      "allSolutions",
      "countdown",
      "countdownPrompt",
      "countdownSchema",
      "default",
      "generateItems",
      "listProblems",
      "loadItems",
      "reachableTargets",
      "solve",
      "splitOf",
      "statesAnswer",
      "verifyCountdown",
    ]);
  });
});
