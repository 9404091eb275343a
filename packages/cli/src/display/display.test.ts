import { PassThrough } from "node:stream";
import { count, duration, percent } from "@rrr/runs";
import { expect, test } from "vitest";
import { createPlainDisplay } from "./plain-display.ts";
import { createStageClock } from "./stage-clock.ts";

test("numbers", () => {
  expect([percent(0.14694), count(1234567.8), count(12)]).toEqual(["14.7 %", "1,234,568", "12"]);
  expect([duration(5), duration(245), duration(3845)]).toEqual(["0:05", "4:05", "1:04:05"]);
});

test("the clock judges by the present stage's own speed", () => {
  let now = 0;
  const clock = createStageClock(() => now);
  const at = (stage: string, done: number) =>
    clock.eta({ stage, done, total: 100, unit: "steps", facts: [] });
  expect(at("train", 20)).toBe("");
  now = 10;
  expect(at("train", 40)).toBe("ETA 0:30");
  expect(at("after", 1)).toBe("");
});

test("plain lines: the start and the end of each stage, nothing in between within the interval", () => {
  const stream = new PassThrough();
  const display = createPlainDisplay(stream);
  for (const done of [...Array(50).keys(), 50, 50]) {
    display.update({ stage: "train", done, total: 50, unit: "steps", facts: [["pass rate", "33.0 %"]] });
  }
  display.note("done");
  expect(String(stream.read())).toBe(
    "train: 0/50 steps, pass rate 33.0 %\ntrain: 50/50 steps, pass rate 33.0 %\ndone\n",
  );
});
