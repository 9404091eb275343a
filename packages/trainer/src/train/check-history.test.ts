import type { TemplateHistory } from "@rrr/core";
import { expect, test } from "vitest";
import { checkHistory } from "./check-history.ts";

const rewriting: TemplateHistory = { attempt: "whole", reflection: "rewritten", opensThought: false };

test("a template that rewrites earlier answers is refused only where a retry would read one", () => {
  expect(() => checkHistory(rewriting, "conversation")).toThrow(
    expect.objectContaining({ code: "bad-model" }),
  );
  expect(() => checkHistory(rewriting, "note")).not.toThrow();
  for (const reflection of ["whole", "trimmed", "without thoughts"] as const)
    expect(() => checkHistory({ ...rewriting, reflection }, "conversation")).not.toThrow();
});
