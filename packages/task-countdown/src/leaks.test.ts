import { describe, expect, it } from "vitest";
import { statesAnswer } from "./leaks.ts";

const item = { numbers: [25, 7, 8], target: 24 };

describe("statesAnswer", () => {
  it.each([
    "<answer>25 + 7 - 8</answer>",
    "I should have written 25 + 7 - 8.",
    "25+7-8=24, of course",
    "24 = (25 + 7) - 8",
    "32 - 8 = 25 + 7 - 8 = 24",
    "try (as I said, 25 + 7 - 8) next time",
    "1. 30\n2. 25 + 7 - 8\n3. 7",
    "- 25 + 7 - 8\n- 3 * 4",
    "Candidate 3 25 + 7 - 8",
    "$25 + 7 − 8$ or \\boxed{25 + 7 - 8}",
    "25 - 8 \\cdot 1, no: 7 - 8 + 25",
    "25\n+ 7\n- 8",
    "( 25 - 7 ) * 8 = 144 NO ( 25 + 7 ) - 8 = 24 YES",
  ])("finds the answer in %j", (text) => {
    expect(statesAnswer(item, text)).toBe(true);
  });

  it.each([
    "",
    "I used 8 twice.",
    "25 + 7 = 32, then take away 8",
    "25 - 7 + 8 = 26",
    "25 + 7 - 8 + 0",
    "1.25 + 7 - 8",
    "100 * 25 + 7 - 8 * 2",
    "25, 7 and 8 make 24",
  ])("finds none in %j", (text) => {
    expect(statesAnswer(item, text)).toBe(false);
  });

  it("takes hostile text in its stride", () => {
    for (const piece of ["(", ")", "25 + ", "-", "1\n", "\\boxed{", "25 7 8 "]) {
      expect(statesAnswer(item, piece.repeat(100_000 / piece.length))).toBe(false);
    }
  });
});
