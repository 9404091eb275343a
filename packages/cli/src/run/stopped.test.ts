import { expect, test } from "vitest";
import { stoppedText } from "./stopped.ts";

test("what is kept is said, and the command that goes on, ready for a shell", () => {
  expect(stoppedText("runs/my run", "train").split("\n")).toEqual([
    "rrr: stopped in training; every finished step is kept",
    '     Kept: "runs/my run/run.db", an SQLite database',
    '     Resume it: npx rrr resume "runs/my run"',
    "",
  ]);
});

test("in a narrow terminal, words stay whole", () => {
  const [first, second] = stoppedText("runs/x", "evaluate", { columns: 60 }).split("\n");
  expect(first).toBe("rrr: stopped in the evaluation; every finished problem is");
  expect(second).toBe("     kept");
});

test("what was cut is said", () => {
  expect(stoppedText("runs/x", "mine")).toContain(
    "while failures were collected; every finished problem is kept",
  );
  expect(stoppedText("runs/x", undefined)).toContain("before anything was done");
});
