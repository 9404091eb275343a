import { take } from "@rrr/core";
import { describe, expect, it, vi } from "vitest";
import { generateItems } from "./generate/generate-items.ts";
import type { GeneratedItem } from "./generate/sample.ts";
import { PRESETS } from "./presets.ts";

// Seconds of work by itself: a machine that is busy with much else takes longer, which is no failure.
vi.setConfig({ testTimeout: 600_000 });

const COUNT = 2_000;

function toolSet({ tools }: GeneratedItem): string {
  return tools
    .map(({ name }) => name)
    .toSorted()
    .join(" ");
}

describe.each(["standard", "parallel"] as const)("the %s preset", (name) => {
  const { world } = PRESETS[name];
  const splits = Promise.all([
    take(generateItems(world, "train", 3), COUNT),
    take(generateItems(world, "test", 3), COUNT),
  ]);

  it("has thousands of items in both splits, none twice", async () => {
    for (const items of await splits) {
      expect(items).toHaveLength(COUNT);
      expect(new Set(items.map((each) => JSON.stringify(each))).size).toBe(COUNT);
    }
  });

  it.each([
    ["tool sets", toolSet],
    ["queries", ({ query }: GeneratedItem) => query.toLowerCase()],
    ["answers", ({ expected }: GeneratedItem) => expected],
  ])("shares no %s between the splits", async (_, key) => {
    const [train, test] = await splits;
    const trained = new Set(train.map(key));
    expect(test.map(key).filter((each) => trained.has(each))).toEqual([]);
  });

  it("offers as many functions and asks for as many calls as it says, of functions on offer", async () => {
    const items = (await splits).flat();
    const calls = items.map(({ expected }) => JSON.parse(expected) as { name: string; arguments: object }[]);
    expect(new Set(items.map(({ tools }) => tools.length))).toEqual(numbers(world.tools));
    expect(new Set(calls.map(({ length }) => length))).toEqual(numbers(world.calls));
    for (const [index, { tools }] of items.entries()) {
      const offered = new Set(tools.map((tool) => tool.name));
      expect(offered.size).toBe(tools.length);
      for (const call of calls[index] ?? []) {
        expect(Object.keys(call)).toEqual(["name", "arguments"]);
        expect(offered).toContain(call.name);
      }
    }
  });

  it("calls every function", async () => {
    const called = (await splits)
      .flat()
      .flatMap(({ expected }) => JSON.parse(expected) as { name: string }[]);
    expect(new Set(called.map((call) => call.name)).size).toBe(world.apis.length);
  });

  it("takes the same items from the same seed, others from another", async () => {
    const [again, other] = await Promise.all(
      [3, 4].map((seed) => take(generateItems(world, "test", seed), 20)),
    );
    const [, test] = await splits;
    expect(again).toEqual(test.slice(0, 20));
    expect(other).not.toEqual(again);
  });
});

function numbers({ min, max }: { readonly min: number; readonly max: number }): ReadonlySet<number> {
  return new Set(Array.from({ length: max - min + 1 }, (_, index) => min + index));
}
