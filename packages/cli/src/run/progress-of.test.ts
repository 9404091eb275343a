import type { ProgressEvent } from "@rrr/runs";
import { expect, test } from "vitest";
import { toProgress } from "./progress-of.ts";

const event: ProgressEvent = {
  ...{ kind: "progress", stage: "evaluate", part: "episodes", done: 0, total: 9, unit: "problems" },
  ...{ first: undefined, after: undefined, errored: 0, sampledTokens: 0, tokensPerSecond: 0 },
};
const shown = (traffic: NonNullable<ProgressEvent["traffic"]>) =>
  toProgress({ ...event, traffic }).facts.slice(0, -2);

test("progress says why it takes so long, and when the next try is", () => {
  expect(shown({ retries: 0, limitedMs: 0, busyMs: 0 })).toEqual([]);
  expect(shown({ retries: 2, limitedMs: 0, busyMs: 43_000 })).toEqual([
    ["retries", "2"],
    ["server busy", "43 s"],
  ]);
  expect(shown({ retries: 2, limitedMs: 5_000, busyMs: 0, nextTryMs: 432_000 })).toEqual([
    ["next try in", "7:12"],
    ["retries", "2"],
    ["rate-limited", "5 s"],
  ]);
});

test("what is waited for stands first", () => {
  const waitsFor = "127.0.0.1:8410 (it answers 503)";
  expect(toProgress({ ...event, first: 0.25, waitsFor }).facts[0]).toEqual(["waits for", waitsFor]);
});

test("where something errored, a share so far is the least that it can be", () => {
  const facts = (errored: number) =>
    toProgress({ ...event, done: 4, first: 0.25, after: 0.5, errored }).facts.slice(0, -2);
  expect(facts(0)).toEqual([
    ["first try", "25.0 %"],
    ["after reflection", "50.0 %"],
  ]);
  expect(facts(1)).toEqual([
    ["errored", "1"],
    ["first try", "at least 25.0 %"],
    ["after reflection", "at least 50.0 %"],
  ]);
});
