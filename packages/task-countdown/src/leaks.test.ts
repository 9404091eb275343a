import { describe, expect, it } from "vitest";
import { cpuTime } from "../test/cpu-time.ts";
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
    "$25$ + $7$ - `8`",
    "25 - \\boxed{8 - 7}",
    "so \\boxed{25 + 7} - 8, and \\boxed{24}",
    "{25 + 7 - 8",
    "+ 25 + 7 - 8 -",
    "* - (8 - 25) + 7 *",
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
    "8 - \\boxed{7 - 25}",
  ])("finds none in %j", (text) => {
    expect(statesAnswer(item, text)).toBe(false);
  });

  it.each([
    "(",
    ")",
    "25 + ",
    "-",
    "1\n",
    "1 + ",
    "\\boxed{",
    "\\boxed",
    " ",
    "25 7 8 ",
    `1${"-".repeat(4_000)}1 `,
    `1\n${"-".repeat(4_000)}7 8 `,
    "((25 7 8)",
    "25.",
  ])("takes linear time on 100 kB of %j", (piece) => {
    const text = piece.repeat(Math.ceil(100_000 / piece.length));
    expect(statesAnswer(item, text)).toBe(false);
    // An order above what it takes, one below what anything quadratic would.
    expect(cpuTime(() => statesAnswer(item, text))).toBeLessThan(500);
  });
});
