import type { TemplateHistory } from "@rrr/core";
import { expect, test } from "vitest";
import { historyOf, historyText, worthSaying } from "./history-text.ts";

const whole: TemplateHistory = { attempt: "whole", reflection: "whole", opensThought: false };
const tags = { open: "<think>", close: "</think>" };
const leavesOut: TemplateHistory = {
  attempt: "without thoughts",
  reflection: "without thoughts",
  tags,
  opensThought: true,
};

test("nothing is said of a template that shows everything, and of others what follows", () => {
  expect(worthSaying(undefined)).toEqual({});
  expect(worthSaying(whole)).toEqual({});
  expect(historyText(whole)).toEqual([]);
  expect(worthSaying(leavesOut)).toEqual({ history: leavesOut });
  const text = historyText(leavesOut).join("\n");
  for (const said of [
    "leaves <think>…</think> out",
    "only that is trained",
    "without </think> is all thought",
  ]) {
    expect(text).toContain(said);
  }
  // In the layout note no reflection stands where a template could change it.
  for (const reflection of ["trimmed", "rewritten"] as const) {
    expect(historyText({ ...whole, reflection }, "note")).toEqual([]);
    expect(worthSaying({ ...whole, reflection }, "note")).toEqual({});
  }
  expect(historyText(leavesOut, "note")).toEqual(historyText(leavesOut));
  expect(historyText({ ...whole, attempt: "trimmed" })).toHaveLength(1);
  expect(historyText({ ...whole, reflection: "rewritten" }).join()).toContain("NOT");
});

test.each([
  ["what was stored", { model: { history: leavesOut } }, leavesOut],
  ["nothing of a run without it", { model: { source: "x" } }, undefined],
  ["nothing of none", {}, undefined],
  ["nothing of a server's null", { model: null }, undefined],
  ["nothing of another shape", { model: { history: { attempt: "whole", reflection: 7 } } }, undefined],
  [
    "tags that are texts",
    { model: { history: { ...leavesOut, tags: { open: 1 }, opensThought: "yes" } } },
    { attempt: "without thoughts", reflection: "without thoughts", opensThought: false },
  ],
])("reads back %s", (_, identity, history) => {
  expect(historyOf(identity)).toEqual(history);
});
