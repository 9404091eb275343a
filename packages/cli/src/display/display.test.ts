import { PassThrough } from "node:stream";
import { count, duration, percent } from "@rrr/runs";
import { expect, test } from "vitest";
import { liveText } from "./live-text.ts";
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

test("live lines fit any terminal: the bar gets shorter, the least important facts go", () => {
  const facts = [
    ["first try", "14.7 %"],
    ["after reflection", "27.9 %"],
    ["errored", "3"],
    ["tokens", "1,234,567"],
    ["tokens/s", "1,234"],
  ] as const;
  const progress = { stage: "before: episodes", done: 50, total: 200, unit: "problems", facts };
  const at = (columns: number) => liveText(progress, "ETA 12:30", columns);
  expect(at(120)).toBe(
    [
      "before: episodes ━━━━━━────────────────── 50/200 problems  ETA 12:30",
      "                 first try 14.7 %  ·  after reflection 27.9 %  ·  errored 3  ·  tokens 1,234,567  ·  tokens/s 1,234",
    ].join("\n"),
  );
  expect(at(60)).toBe(
    [
      "before: episodes ━━━━──────────── 50/200 problems  ETA 12:30",
      "  first try 14.7 %  ·  after reflection 27.9 %  ·  errored 3",
    ].join("\n"),
  );
  for (let columns = 18; columns <= 130; columns++) {
    const lines = at(columns).split("\n");
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
    expect(lines[0]).toContain("50/200 problems");
    expect(lines[1]).toContain("first try 14.7 %");
  }
});
