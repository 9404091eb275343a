import { describe, expect, it } from "vitest";
import { type ReportedUsage, readUsage, type Seen } from "./usage.ts";

const answer = "The answer is 42, since 6 times 7 is 42.";
const seen: Seen = { prompt: "What is 6 times 7?", answer, finish: "stop", maxTokens: 100 };

describe("readUsage", () => {
  it.each<[string, ReportedUsage, Partial<Seen>, object]>([
    ["two counts", { prompt: 9, completion: 16 }, {}, { prompt: 9, completion: 16 }],
    ["three counts", { prompt: 9, completion: 16, total: 25 }, {}, { prompt: 9, completion: 16 }],
    [
      "reasoning among the completion",
      { prompt: 9, completion: 96, total: 105, reasoning: 80 },
      {},
      { prompt: 9, completion: 96 },
    ],
    [
      "reasoning beside the completion, as all the counts say",
      { prompt: 9, completion: 16, total: 105, reasoning: 80 },
      {},
      { prompt: 9, completion: 96 },
    ],
    ["nulls where there is nothing", { prompt: 9, completion: 16, total: null, reasoning: null }, {}, {}],
    ["an empty answer", { prompt: 9, completion: 1 }, { answer: "" }, {}],
    ["an empty answer of no tokens", { prompt: 9, completion: 0 }, { answer: "" }, {}],
    [
      "a thought that was cut off unseen",
      { prompt: 9, completion: 100 },
      { answer: "", finish: "length" },
      {},
    ],
    ["one long word", { prompt: 9, completion: 1 }, { answer: "internationalization" }, {}],
    ["an indent", { prompt: 9, completion: 2 }, { answer: `${" ".repeat(60)}x` }, {}],
    ["a text of other letters", { prompt: 9, completion: 12 }, { answer: "答えは四十二です。" }, {}],
    ["the limit to the letter", { prompt: 9, completion: 16 }, { maxTokens: 16 }, {}],
    ["any count where no limit is known", { prompt: 9, completion: 40 }, { maxTokens: undefined }, {}],
  ])("takes %s at its word", (_, reported, other, usage) => {
    const read = readUsage(reported, { ...seen, ...other });
    expect(read).toMatchObject(usage);
    expect(read).not.toHaveProperty("contradicts");
    expect(read).not.toHaveProperty("estimated");
  });

  it.each<[string, ReportedUsage, Partial<Seen>, object, string]>([
    [
      "zeros",
      { prompt: 0, completion: 0, total: 0 },
      {},
      { prompt: 5, completion: 10 },
      "prompt_tokens is 0",
    ],
    [
      "no token for a text",
      { prompt: 9, completion: 0 },
      {},
      { prompt: 9, completion: 10 },
      "completion_tokens is 0 for 40 characters",
    ],
    [
      "far too few for what was thought",
      { prompt: 9, completion: 10 },
      { answer: "thought ".repeat(100) },
      { prompt: 9, completion: 200 },
      "completion_tokens is 10 for 800 characters",
    ],
    [
      "one token for a sentence",
      { prompt: 9, completion: 1, total: 10 },
      {},
      { prompt: 9, completion: 10 },
      "completion_tokens is 1 for 40 characters",
    ],
    [
      "a twentieth of the characters",
      { prompt: 9, completion: 3 },
      { answer: "I was wrong because I did not read the question. 42" },
      { prompt: 9, completion: 13 },
      "completion_tokens is 3 for 51 characters",
    ],
    [
      "a thought that was not counted",
      { prompt: 9, completion: 2 },
      { answer: "It is six times seven, which is 42.RIGHT" },
      { prompt: 9, completion: 10 },
      "completion_tokens is 2 for 40 characters",
    ],
    [
      "a negative count",
      { prompt: 9, completion: -1 },
      {},
      { completion: 10 },
      "completion_tokens is no count: -1",
    ],
    [
      "half a token",
      { prompt: 9.5, completion: 8 },
      {},
      { completion: 10 },
      "prompt_tokens is no count: 9.5",
    ],
    [
      "a text for a count",
      { prompt: "9", completion: 8 },
      {},
      { completion: 10 },
      "prompt_tokens is no count",
    ],
    ["half of it", { prompt: 9, completion: null, total: 30 }, {}, {}, "completion_tokens is missing"],
    [
      "a total alone",
      { prompt: undefined, completion: undefined, total: 30 },
      {},
      {},
      "prompt_tokens is missing",
    ],
  ])("estimates for %s, and says why", (_, reported, other, usage, contradicts) => {
    expect(readUsage(reported, { ...seen, ...other })).toMatchObject({
      ...usage,
      estimated: true,
      contradicts,
    });
  });

  it.each<[string, ReportedUsage, Partial<Seen>, object, string]>([
    [
      "a total with more in it",
      { prompt: 9, completion: 16, total: 500 },
      {},
      { prompt: 9, completion: 491 },
      "prompt_tokens and completion_tokens are 9 and 16, total_tokens is 500",
    ],
    [
      "a total with less in it",
      { prompt: 9, completion: 16, total: 10 },
      {},
      { prompt: 9, completion: 16 },
      "prompt_tokens and completion_tokens are 9 and 16, total_tokens is 10",
    ],
    [
      "reasoning left out",
      { prompt: 9, completion: 16, total: 25, reasoning: 300 },
      {},
      { prompt: 9, completion: 316 },
      "reasoning_tokens is 300, completion_tokens, which includes them, 16",
    ],
    [
      "more than was allowed",
      { prompt: 9, completion: 101 },
      {},
      { prompt: 9, completion: 101 },
      "completion_tokens is 101, above the limit of 100",
    ],
    [
      "a least count for everything",
      { prompt: 9, completion: 16 },
      { answer: "4" },
      { prompt: 9, completion: 16 },
      "completion_tokens is 16 for 1 characters",
    ],
    [
      "reasoning that is no count",
      { prompt: 9, completion: 16, reasoning: -3 },
      {},
      { prompt: 9, completion: 16 },
      "reasoning_tokens is no count: -3",
    ],
  ])("counts what can be counted for %s, and says why", (_, reported, other, usage, contradicts) => {
    expect(readUsage(reported, { ...seen, ...other })).toEqual({ ...usage, contradicts });
  });

  it("has nothing where nothing is said", () => {
    expect(readUsage({ prompt: undefined, completion: null }, seen)).toBeUndefined();
  });
});
