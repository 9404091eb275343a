import type { ScoredItem } from "@rrr/core";
import { expect, it } from "vitest";
import type { FunctionCallItem } from "../item.ts";
import { bfclScore } from "./bfcl-score.ts";

/** So many rows of a category, of which so many pass. */
function rows(category: string, problems: number, passed: number): ScoredItem<FunctionCallItem>[] {
  const item = { query: "", tools: [], expected: [], category };
  return Array.from({ length: problems }, (_, i) => ({ item, passed: i < passed ? 1 : 0 }));
}

const all = [
  ...rows("simple_python", 400, 300),
  ...rows("simple_java", 100, 50),
  ...rows("simple_javascript", 50, 20),
  ...rows("multiple", 200, 180),
  ...rows("parallel", 200, 160),
  ...rows("parallel_multiple", 200, 140),
  ...rows("irrelevance", 240, 120),
  ...rows("live_simple", 258, 129),
  ...rows("live_multiple", 1053, 1053),
  ...rows("live_parallel", 16, 0),
  ...rows("live_parallel_multiple", 24, 0),
  ...rows("live_irrelevance", 884, 884),
  ...rows("live_relevance", 16, 4),
];
const share = (results: readonly ScoredItem<FunctionCallItem>[], label: string): number | undefined =>
  bfclScore(results).find((line) => line.label === label)?.share;

it("is made of the means that the leaderboard takes", () => {
  // By hand: simple (0.75 + 0.5 + 0.4) / 3; non-live the mean of that with 0.9, 0.8 and 0.7.
  expect(share(all, "simple")).toBeCloseTo(0.55, 12);
  expect(share(all, "non-live")).toBeCloseTo(0.7375, 12);
  expect(share(all, "live")).toBeCloseTo((129 + 1053) / 1351, 12);
  expect(share(all, "irrelevance")).toBeCloseTo(0.75, 12);
  expect(share(all, "relevance")).toBeCloseTo(0.25, 12);
  expect(share(all, "single turn")).toBeCloseTo((0.7375 + 1182 / 1351 + 0.75) / 3, 12);
});

it("lists each category below what it counts for, once", () => {
  const lines = bfclScore(all);
  expect(lines.find(({ label }) => label === "single turn")).toMatchObject({ depth: 0, problems: 3625 });
  expect(lines.filter(({ label }) => label === "irrelevance").map(({ depth }) => depth)).toEqual([1, 2]);
  expect(lines.find(({ label }) => label === "live_simple")).toMatchObject({
    depth: 2,
    problems: 258,
    share: 0.5,
  });
});

it("tells no mean of which a part is missing, and nothing of items without a category", () => {
  const some = all.filter(({ item }) => item.category !== "simple_java");
  expect(share(some, "simple")).toBeUndefined();
  expect(share(some, "non-live")).toBeUndefined();
  expect(share(some, "live")).toBeDefined();
  expect(bfclScore([{ item: { query: "", tools: [], expected: [] }, passed: 1 }])).toEqual([]);
});
