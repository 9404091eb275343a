import { expect, test } from "vitest";
import type { Datum } from "../engine.ts";
import { weighted } from "./importance.ts";

test("a token counts by min(π_old/π_sampler, C), and π_old is the trainer's", () => {
  const datum: Datum = {
    prompt: Int32Array.of(1),
    targets: Int32Array.of(2, 3, 4),
    weights: Float32Array.of(2, 2, -2),
    logprobs: Float32Array.of(-1, -2, -3),
  };
  const old = Float32Array.of(-1, -1, -4);
  const { data, report } = weighted([datum], [old], 2);
  expect([...(data[0]?.weights ?? [])].map((w) => w.toFixed(6))).toEqual([
    "2.000000",
    "4.000000",
    (-2 / Math.E).toFixed(6),
  ]);
  expect(data[0]?.logprobs).toBe(old);
  expect(report.truncated).toBeCloseTo(1 / 3, 12);
  expect(report.mean).toBeCloseTo((1 + 2 + 1 / Math.E) / 3, 6);
});
