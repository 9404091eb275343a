import { PassThrough } from "node:stream";
import { type Attempt, type Episode, fail, pass, RrrError } from "@rrr/core";
import { count, duration, percent, widthOf } from "@rrr/runs";
import { expect, test } from "vitest";
import { episodeLines } from "./episode-lines.ts";
import { fit } from "./fit.ts";
import { createLiveDisplay } from "./live-display.ts";
import { liveText } from "./live-text.ts";
import { createPlainDisplay } from "./plain-display.ts";
import { sparkLine } from "./spark-line.ts";
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

const attempt = (text: string, passes = false): Attempt => ({
  prompt: [{ role: "user", content: text }],
  completion: { text, finish: "stop" },
  verdict: passes ? pass() : fail("wrong", "no"),
});
const reflected = (text: string): Episode => ({
  ...{ kind: "reflected", item: 1, attempt: attempt(text) },
  reflection: { prompt: [], completion: { text, finish: "stop" }, retry: attempt(text, true) },
});

test("an episode is a line a turn, with the verdict of each answer", () => {
  expect(episodeLines(reflected("a\n\tb"), 80)).toEqual([
    "  problem      a b",
    "  attempt    ✗ a b",
    "  reflection   a b",
    "  retry      ✓ a b",
  ]);
  const error = new RrrError("model-failed", "no answer");
  expect(episodeLines({ kind: "errored", item: 1, error, turn: "attempt" }, 80)).toEqual([
    "  errored    ! no answer",
  ]);
  const late: Episode = { kind: "errored", item: 1, error, turn: "retry", attempt: attempt("x") };
  expect(episodeLines(late, 80).at(-1)).toBe("  errored    ! no answer");
});

test.each([
  "\u001b[2J\u001b]0;title\u0007\u009b31mred\u202e\r\u0000",
  "漢字かな交じり文".repeat(40),
  "👩‍👩‍👧‍👦🇩🇪👍🏽".repeat(30),
  `e\u0301${"\u0301".repeat(500)}`,
  "x".repeat(5_000_000),
])("whatever a model writes, its lines fit and steer nothing: %#", (text) => {
  for (const columns of [1, 2, 3, 20, 60, 61, 80, 119, 200]) {
    for (const line of episodeLines(reflected(text), columns)) {
      expect(widthOf(line)).toBeLessThanOrEqual(columns);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
    }
  }
});

test("a line that is cut says so, at a whole character", () => {
  expect([fit("abc", 3), fit("abcd", 3), fit("漢字", 3), fit("漢字", 2), fit("a", 0)]).toEqual([
    ...["abc", "ab…", "漢…", "…", ""],
  ]);
});

test("the pass rate by step is a line of bars, a mean of steps where there are many", () => {
  expect(sparkLine([0, 0.13, 0.5, 1], 60, 2)).toBe("  pass rate  ▁▂▅█  0 → 100 %");
  expect(sparkLine([0.3], 60, 2)).toBe("");
  expect(sparkLine([0.3, 0.4], 20, 2)).toBe("");
  const many = Array.from({ length: 1_000 }, (_, i) => i / 1_000);
  expect(sparkLine(many, 40, 2)).toMatch(/^ {2}pass rate {2}▁+▂+▃+▄+▅+▆+▇+█+ {2}0 → 100 %$/);
  for (let columns = 10; columns <= 200; columns++) {
    expect(sparkLine(many, columns, 2).length).toBeLessThanOrEqual(columns);
  }
});

test("a terminal keeps the state of each stage, and what it shows of an episode goes with it", async () => {
  const screen = Object.assign(new PassThrough(), { isTTY: true, columns: 70, rows: 24 });
  const display = createLiveDisplay(screen as unknown as NodeJS.WriteStream);
  const facts = [["pass rate", "40.0 %"]] as const;
  const at = (stage: string, done: number) =>
    display.update({ stage, done, total: 4, unit: "steps", facts, passRates: [0.2, 0.4] });
  at("train", 1);
  display.episode(reflected("\u001b[31mhello"));
  await new Promise((done) => setTimeout(done, 510));
  at("train", 2);
  const during = String(screen.read());
  expect(during).toContain("attempt    ✗ \\u{1b}[31mhello");
  expect(during).toContain("pass rate  ▂▄  20 → 40 %");
  at("after", 0);
  display.close();
  const end = String(screen.read());
  expect(end).toMatch(/train +━+─+ 2\/4 steps\n +pass rate 40\.0 %\n +pass rate {2}▂▄/);
  expect(end).not.toContain("hello");
  expect(screen.listenerCount("resize")).toBe(0);
});

test("a terminal that gets narrower is cleared of the lines that it broke", () => {
  const screen = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
  const display = createLiveDisplay(screen as unknown as NodeJS.WriteStream);
  display.update({ stage: "train", done: 1, total: 4, unit: "steps", facts: [["a", "1".repeat(60)]] });
  const drawn = String(screen.read()).split("\n").filter(Boolean);
  expect(drawn).toHaveLength(2);
  screen.columns = 30;
  screen.emit("resize");
  const up = String(screen.read()).split("\u001b[1A").slice(1);
  // A bar of 53 columns in two lines, facts of 64 in three: five lines up.
  expect(up).toHaveLength(5);
  display.close();
});
