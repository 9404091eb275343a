import { describe, expect, it } from "vitest";
import { equals } from "./rational.ts";
import { toTerms, visitJoined, write } from "./term.ts";
import { verifyCountdown } from "./verify.ts";

const item = { numbers: [1, 2, 3], target: 6 };

function answersTo({ numbers, target }: typeof item): readonly string[] {
  const answers: string[] = [];
  visitJoined(toTerms(numbers), (term) => {
    if (equals(term.value, target)) answers.push(write(term));
    return false;
  });
  return answers;
}

describe("visitJoined", () => {
  it("comes by every answer, written without needless parentheses, and each of them passes", () => {
    const answers = answersTo(item);
    expect(answers).toContain("1 + 2 + 3");
    expect(answers).toContain("1 * 2 * 3");
    for (const answer of answers) {
      expect(verifyCountdown(item, `<answer>${answer}</answer>`)).toEqual({ kind: "pass" });
    }
  });

  it("comes by none where there is none", () => {
    expect(answersTo({ numbers: [1, 1, 1], target: 99 })).toEqual([]);
  });
});
