import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cpuTime } from "../test/cpu-time.ts";
import type { CountdownItem } from "./item.ts";
import { verifyCountdown } from "./verify.ts";

const item: CountdownItem = { numbers: [25, 7, 8], target: 24 };

function check(answer: string, of: CountdownItem = item): string {
  const verdict = verifyCountdown(of, `<think>…</think>\n<answer>${answer}</answer>`);
  return verdict.kind === "fail" ? verdict.code : verdict.kind;
}

describe("the case file", () => {
  const lines = readFileSync(new URL("../fixtures/countdown-cases.jsonl", import.meta.url), "utf8");
  const cases = lines
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as CountdownItem & { output: string; verdict: string; why: string });

  it.each(cases)("$verdict: $why", (each) => {
    expect(verifyCountdown(each, each.output).kind).toBe(each.verdict);
  });
});

describe("notations that are read as what they plainly mean", () => {
  it.each([
    "25 + 7 - 8",
    "25 + 7 - 8 = 24",
    "24 = 25 + 7 - 8",
    "25 + 7 − 8",
    "$25 + 7 - 8$",
    "$$25 + 7 - 8$$",
    "`25 + 7 - 8`",
    "```\n25 + 7 - 8\n```",
    "\\boxed{25 + 7 - 8}",
    "\\boxed{25 + 7 - 8 = 24}",
    "$\\boxed{25 + 7 - 8}$ = 24",
    "`25 + 7 - 8` = `24`",
    "$25$ + $7$ - $8$",
    "`25` + `7` - `8`",
    "$25 + 7$ - 8",
    "25 $+ 7 -$ `8`",
    "$`25` + 7$ - 8",
    "$24$ = $25 + 7 - 8$",
    "\\boxed{\\boxed{25+7-8}}",
    "\\boxed{25 + 7} - 8",
    "\\boxed {25} + \\boxed{7} - \\boxed{8}",
    "25 - \\boxed{8 - 7}",
    "25 + 7 - 8 = \\boxed{24}",
    "\\boxed{25 + 7 - 8} = \\boxed{24}",
    "\\boxed{$25 + 7 - 8 = \\boxed{24}$}",
    "\\(25 + 7 - 8\\)",
    "\\[\n25 + 7 - 8 = 24\n\\]",
    "\\(25 + 7 - 8\\) = \\(24\\)",
    "\\[\\boxed{25 + 7 - 8}\\]",
    "\\left(25 + 7\\right) - 8",
    "\\bigl( 25 + 7 \\bigr) \\, - \\; 8",
    "25\n+ 7\r\n- 8",
    "25\u00a0+\u20037\u3000-\u20288",
    "25\u0085+ 7 - 8",
    "-(8 - 7 - 25)",
    "25 - -7 - 8",
    "25 + +7 - 8",
  ])("%j passes", (answer) => {
    expect(check(answer)).toBe("pass");
  });

  const product: CountdownItem = { numbers: [6, 4, 3], target: 8 };
  it.each([
    "6 × 4 ÷ 3",
    "6 · 4 / 3",
    "6 \\times 4 \\div 3",
    "6\\cdot4\\div3",
    "6 ⋅ 4 ∕ 3",
    "6 ∗ 4 ⁄ 3",
    "\\frac{6 \\times 4}{3}",
    "6 \\cdot \\dfrac{4}{3}",
    "\\[\\frac{6}{\\frac{3}{4}} = 8\\]",
    "$6 \\times 4 / 3 = 8$",
  ])("%j passes", (answer) => {
    expect(check(answer, product)).toBe("pass");
  });

  it.each(["3 - 5 = −2", "3 - 5 = - 2", "-  2 = 3 - 5", "$3 - 5$ = $-$ $2$"])("%j passes", (answer) => {
    expect(check(answer, { numbers: [3, 5], target: -2 })).toBe("pass");
  });
});

describe("thoughts", () => {
  it.each([
    ["no-answer", "9 + 15. <answer>25 + 7 - 8</answer> no, that is wrong.</think>\nI cannot find it."],
    ["no-answer", "<answer>25 + 7 - 8</answer></THINK>"],
    ["no-answer", "<think>a<think>b</think><answer>25 + 7 - 8</answer></think>"],
    ["pass", "25 and 7 is 32.</think>\n<answer>25 + 7 - 8</answer>"],
    ["pass", "<answer>1</answer></think><think>b</think><answer>25 + 7 - 8</answer>"],
  ])("%s: %j", (verdict, completion) => {
    const { kind, ...told } = verifyCountdown(item, completion);
    expect("code" in told ? told.code : kind).toBe(verdict);
  });
});

describe("what is no expression", () => {
  it.each([
    ["implicit multiplication", "2(3)", [2, 3], 6],
    ["implicit multiplication of parentheses", "(2)(3)", [2, 3], 6],
    ["adjacent numbers", "2 3", [2, 3], 6],
    ["a percentage", "50%", [50], 50],
    ["modulo", "7 % 4", [7, 4], 3],
    ["a power", "2^3", [2, 3], 8],
    ["a power", "2**3", [2, 3], 8],
    ["a spaced power", "2 * * 3", [2, 3], 8],
    ["floor division", "7//2", [7, 2], 3],
    ["a factorial", "4!", [4], 24],
    ["a function", "sqrt(16)", [16], 4],
    ["a comment", "2 * 3 # six", [2, 3], 6],
    ["several statements", "2; 2 * 3", [2, 3], 6],
    ["a decimal", "25.0 + 7 - 8", [25, 7, 8], 24],
    ["a bare decimal point", ".5", [5], 5],
    ["an exponent", "2e1", [20], 20],
    ["a hexadecimal", "0x18", [24], 24],
    ["a leading zero", "025 + 7 - 8", [25, 7, 8], 24],
    ["digits of another script", "２５ + 7 - 8", [25, 7, 8], 24],
    ["a zero-width space", "25 + 7\u200b - 8", [25, 7, 8], 24],
    ["a zero-width no-break space", "\ufeff25 + 7 - 8", [25, 7, 8], 24],
    ["a zero-width space between digits", "2\u200b5 + 7 - 8", [25, 7, 8], 24],
    ["an unbalanced parenthesis", "(25 + 7 - 8", [25, 7, 8], 24],
    ["an equation of something else", "25 + 7 - 8 = 25", [25, 7, 8], 24],
    ["a chain of equations", "25 + 7 - 8 = 32 - 8 = 24", [25, 7, 8], 24],
    ["two equals signs", "25 + 7 - 8 == 24", [25, 7, 8], 24],
    ["an open equation", "25 + 7 - 8 =", [25, 7, 8], 24],
    ["the target written as a decimal", "25 + 7 - 8 = 24.0", [25, 7, 8], 24],
    ["half a wrapper", "$25 + 7 - 8", [25, 7, 8], 24],
    ["half a wrapper of two", "$$25 + 7 - 8$", [25, 7, 8], 24],
    ["half a wrapper around a part", "$25$ + $7 - 8", [25, 7, 8], 24],
    ["crossed wrappers", "$25 + `7$ - 8`", [25, 7, 8], 24],
    ["a box crossed with a wrapper", "\\boxed{25 + $7} - 8$", [25, 7, 8], 24],
    ["an open box", "\\boxed{25 + 7 - 8", [25, 7, 8], 24],
    ["a box closed twice", "\\boxed{25 + 7 - 8}}", [25, 7, 8], 24],
    ["braces without a box", "{25 + 7 - 8}", [25, 7, 8], 24],
    ["braces that close each other", "}{25 + 7 - 8}{", [25, 7, 8], 24],
    ["stray braces", "}25 + 7 - 8}", [25, 7, 8], 24],
    ["stray opening braces", "{25 + 7 - 8{", [25, 7, 8], 24],
    ["an equation in half a box", "\\boxed{25 + 7 - 8 = 24", [25, 7, 8], 24],
    ["an equation across boxes", "25 + \\boxed{7 - 8 = 24}", [25, 7, 8], 24],
    ["digits that a wrapper parts", "$2$5 + 7 - 8", [25, 7, 8], 24],
    ["digits that wrappers part", "`2``5` + 7 - 8", [25, 7, 8], 24],
    ["a target that blanks part", "25 + 7 - 8 = 2 4", [25, 7, 8], 24],
    ["half of \\(", "\\(25 + 7 - 8", [25, 7, 8], 24],
    ["\\( and \\]", "\\(25 + 7 - 8\\]", [25, 7, 8], 24],
    ["half a fraction", "\\frac{6}", [6], 6],
    ["a fraction without braces", "\\frac 6 3", [6, 3], 2],
    ["a fraction closed twice", "\\frac{6}{3}}", [6, 3], 2],
    ["a fraction of three", "\\frac{6}{3}{1}", [6, 3, 1], 2],
    ["an equation in a fraction", "\\frac{6}{3 = 2}", [6, 3], 2],
    ["a mixed number", "2\\frac{6}{3}", [2, 6, 3], 4],
    ["an unknown command", "\\sqrt{16}", [16], 4],
    ["a size of no parenthesis", "\\left 25 + 7 - 8", [25, 7, 8], 24],
    ["a product with a box", "2\\boxed{3}", [2, 3], 6],
    ["nothing in a box", "\\boxed{}", [24], 24],
    ["an unknown command", "\\timesx", [25], 25],
    ["words", "the answer is 24", [24], 24],
    ["nothing", "", [24], 24],
    ["no parentheses around anything", "()", [24], 24],
  ] as const)("%s: %j", (_, answer, numbers, target) => {
    expect(check(answer, { numbers, target })).toBe("not-an-expression");
  });
});

describe("codes", () => {
  it.each([
    ["wrong-value", "25 - 7 + 8"],
    ["wrong-numbers", "25 + 7 - 8 - 0"],
    ["wrong-numbers", "25 - 8 + 7 - 7"],
    ["wrong-numbers", "24"],
    ["wrong-value", "8 - \\boxed{7 + 25}"],
    ["too-long", `${"\\boxed{(".repeat(33)}25 + 7 - 8${")}".repeat(33)}`],
    ["too-long", `25 + 7 - 8${" ".repeat(512)}`],
    ["too-long", `${"(".repeat(65)}25 + 7 - 8${")".repeat(65)}`],
    ["pass", `${"(".repeat(64)}25 + 7 - 8${")".repeat(64)}`],
    ["pass", `25 + 7 - 8${" ".repeat(502)}`],
  ])("%s", (code, answer) => {
    expect(check(answer)).toBe(code);
  });

  it("a division by zero is its own code, also deep inside", () => {
    expect(check("24 / (5 - 5)", { numbers: [5, 5, 24], target: 24 })).toBe("division-by-zero");
    expect(check("0 * (1 / (5 - 5))", { numbers: [0, 1, 5, 5], target: 0 })).toBe("division-by-zero");
  });

  it("a number too large to be held exactly is no given number", () => {
    expect(check("9007199254740993", { numbers: [9007199254740991], target: 1 })).toBe("wrong-numbers");
  });
});

describe("which text is the answer", () => {
  it.each([
    ["pass", "<ANSWER>25 + 7 - 8</Answer>"],
    ["pass", "<answer>1</answer> no: <answer>25 + 7 - 8</answer>"],
    ["wrong-numbers", "<answer>25 + 7 - 8</answer> no: <answer>1</answer>"],
    ["pass", "<answer>1 <answer>25 + 7 - 8</answer>"],
    ["pass", "<answer>25 + 7 - 8</answer><think>or <answer>1</answer></think>"],
    ["no-answer", "<think><answer>25 + 7 - 8</answer></think>"],
    ["no-answer", "<THINK><answer>25 + 7 - 8</answer></THINK> done"],
    ["no-answer", "<think>on and on <answer>25 + 7 - 8</answer>"],
    ["pass", "<answer><think>wait</think>25 + 7 - 8</answer>"],
    ["not-an-expression", "<answer>2<think></think>5 + 7 - 8</answer>"],
    ["no-answer", "25 + 7 - 8"],
    ["no-answer", "<answer>25 + 7 - 8"],
    ["no-answer", "25 + 7 - 8</answer>"],
  ])("%s: %j", (expected, completion) => {
    const verdict = verifyCountdown(item, completion);
    expect(verdict.kind === "fail" ? verdict.code : verdict.kind).toBe(expected);
  });
});

describe("strict", () => {
  const strictly = (completion: string): string => verifyCountdown(item, completion, { strict: true }).kind;

  it("reads TinyZero's grammar on the last line", () => {
    expect(strictly("<think>…\n</think>\n<answer> (25 + 7) - 8 </answer>")).toBe("pass");
    expect(strictly("<answer>25 + 7 - 8</answer>\nThat is it.")).toBe("fail");
    expect(strictly("<answer>25 + 7 - 8\n</answer>")).toBe("fail");
    expect(strictly("<answer>25\t+ 7 - 8</answer>")).toBe("pass");
    expect(strictly("<answer>1</answer> no: <answer>25 + 7 - 8</answer>")).toBe("pass");
  });

  it.each([
    ["the last line is inside a thought", "<answer>25 + 7 - 8</answer><think>\n</think>"],
    ["the last line is no answer but for a thought", "<answer><think>\n</think>25 + 7 - 8</answer>"],
    ["a thought is part of the answer", "<answer><think></think>25 + 7 - 8</answer>"],
    ["the answer is being thought", "<think>\n<answer>25 + 7 - 8</answer>"],
    ["the answer holds a tag", "<answer>1 <answer>25 + 7 - 8</answer>"],
    ["a later answer is in capitals", "<answer>25 + 7 - 8</answer><ANSWER>1</ANSWER>"],
    ["a zero-width no-break space", "<answer>\ufeff25 + 7 - 8</answer>"],
    ["a no-break space", "<answer>25\u00a0+ 7 - 8</answer>"],
  ])("fails where %s: %j", (_, completion) => {
    expect(strictly(completion)).toBe("fail");
  });

  it.each(["25 + 7 - 8 = 24", "25 + 7 − 8", "$25 + 7 - 8$", "`25 + 7 - 8`", "25.0 + 7 - 8"])(
    "refuses %j",
    (answer) => {
      expect(strictly(`<answer>${answer}</answer>`)).toBe("fail");
    },
  );

  it("passes nothing that the lenient reading fails", () => {
    const piece = fc.constantFrom(
      "<answer>",
      "</answer>",
      "<ANSWER>",
      "</ANSWER>",
      "<think>",
      "</think>",
      "25 + 7 - 8",
      "<answer>25 + 7 - 8</answer>",
      "\n",
      "\t",
      "\ufeff",
      "\u00a0",
      "=",
      "24",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 9 }), (pieces) => {
        const completion = pieces.join("");
        if (strictly(completion) === "pass") expect(verifyCountdown(item, completion).kind).toBe("pass");
      }),
      { numRuns: 20_000, seed: 5 },
    );
  });
});

describe("hostile output", () => {
  it("never throws, whatever the text", () => {
    const hostile = fc.oneof(
      fc.string({ unit: "binary", maxLength: 600 }),
      fc
        .array(
          fc.constantFrom("<answer>", "</answer>", "<think>", "\\boxed{", "}", "$", "`", "(", "=", "25", "-"),
        )
        .map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(hostile, (text) => {
        for (const completion of [text, `<answer>${text}</answer>`]) {
          expect(verifyCountdown(item, completion).kind).toMatch(/^(pass|fail)$/);
        }
      }),
      { numRuns: 10_000, seed: 6 },
    );
  });

  it.each([
    "<answer>",
    "</answer>",
    "<think>",
    "<think></think>",
    "<answer></answer>",
    "<",
    "(",
    "\\boxed{",
    "$",
  ])("100 kB of %j takes linear time", (piece) => {
    const many = piece.repeat(100_000 / piece.length);
    for (const strict of [false, true]) {
      for (const completion of [many, `<answer>${many}</answer>`]) {
        // Two orders above what it takes; anything quadratic takes more.
        expect(cpuTime(() => verifyCountdown(item, completion, { strict }))).toBeLessThan(300);
      }
    }
  });
});
