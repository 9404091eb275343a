import { describe, expect, test } from "vitest";
import type { Message } from "./message.ts";
import type { Completion } from "./model.ts";
import {
  asShown,
  hiddenLength,
  isOnlyThought,
  readTemplateHistory,
  THOUGHT_TAGS,
  type ThoughtTags,
  withHidden,
} from "./template-history.ts";

type Rewrite = (answer: string, index: number, messages: readonly Message[]) => string;

/** A chat template that does something to the answers of earlier turns. */
const template =
  (rewrite: Rewrite, opening = "") =>
  (messages: readonly Message[]): string => {
    const turns = messages.map(({ role, content }, i) => {
      const shown = role === "assistant" ? rewrite(content, i, messages) : content;
      return `<${role}>${shown}<end>`;
    });
    return `${turns.join("")}<assistant>${opening}`;
  };

const [THINK] = THOUGHT_TAGS;
const afterThought = (answer: string, { close }: ThoughtTags = THINK) =>
  (answer.split(close).at(-1) as string).trimStart();

describe("what comes back from a template is", () => {
  test.each<[string, Rewrite, string, string]>([
    ["everything", (answer) => answer, "whole", "whole"],
    ["everything behind an empty thought", (answer) => `<think></think>\n${answer}`, "whole", "whole"],
    ["everything but white space", (answer) => answer.trim(), "trimmed", "trimmed"],
    ["what stands after a thought", (answer) => afterThought(answer), "without thoughts", "without thoughts"],
    [
      "the same, and white space around it is gone",
      (answer) => afterThought(answer).trim(),
      "without thoughts",
      "without thoughts",
    ],
    [
      "the last answer as it is, others without their thoughts",
      (answer, i, { length }) => (i === length - 2 ? answer : afterThought(answer)),
      "whole",
      "whole",
    ],
    [
      "the first answer without its thought",
      (answer, i) => (i === 1 ? afterThought(answer) : answer),
      "without thoughts",
      "whole",
    ],
    ["other letters", (answer) => answer.toUpperCase(), "rewritten", "rewritten"],
    ["other signs", (answer) => answer.replaceAll("<", "&lt;"), "rewritten", "rewritten"],
    ["a beginning", (answer) => answer.slice(0, 50), "rewritten", "rewritten"],
    ["nothing", () => "", "rewritten", "rewritten"],
    ["nothing of reflections", (answer, i) => (i === 1 ? answer : ""), "whole", "rewritten"],
    [
      "nothing of a thought that was cut off",
      (answer) => (answer.includes("</think>") ? answer : (answer.split("<think>")[0] as string)),
      "rewritten",
      "rewritten",
    ],
  ])("%s", (_, rewrite, attempt, reflection) => {
    expect(readTemplateHistory(template(rewrite))).toMatchObject({ attempt, reflection });
  });

  test.each(THOUGHT_TAGS)("without what stands in $open", (tags) => {
    const history = readTemplateHistory(template((answer) => afterThought(answer, tags)));
    expect(history).toEqual({
      attempt: "without thoughts",
      reflection: "without thoughts",
      tags,
      opensThought: false,
    });
    const opened = readTemplateHistory(template((answer) => afterThought(answer, tags), `${tags.open}\n`));
    expect(opened.opensThought).toBe(true);
  });

  test("seen through a tokenizer that knows only some characters", () => {
    const read = (text: string) => text.toLowerCase().replaceAll(/[^a-z \n]/g, "?");
    const through = (rewrite: Rewrite) =>
      readTemplateHistory((messages) => read(template(rewrite)(messages)), read);
    expect(through((answer) => answer).reflection).toBe("whole");
    expect(through((answer) => afterThought(answer))).toMatchObject({ reflection: "without thoughts" });
    expect(through((answer) => answer.slice(1)).reflection).toBe("rewritten");
  });

  test("a refusal, where the template throws", () => {
    const refuse = () => {
      throw new Error("one turn only");
    };
    expect(() => readTemplateHistory(refuse)).toThrow(
      expect.objectContaining({ code: "bad-model", message: expect.stringContaining("one turn only") }),
    );
  });
});

describe("of an answer is hidden", () => {
  test.each<[string, string, Completion["finish"], boolean, string]>([
    ["nothing without a thought", " I forgot the 7.\n", "stop", false, " I forgot the 7.\n"],
    ["a thought with the white space behind it", "<think>a</think>\n\n b\n", "stop", false, "b\n"],
    ["white space before it too", "\n <think>a</think>b", "stop", false, "b"],
    ["what stands before a thought", "So. <think>a</think>b", "stop", false, "b"],
    ["every thought up to the last", "<think>a</think>b<think>c</think>d", "stop", false, "d"],
    ["an answer that was cut off in its thought", "<think>a", "length", false, ""],
    ["one that ended there", "<think>a", "stop", false, ""],
    ["one with nothing behind the thought", "<think>a</think>\n", "stop", false, ""],
    ["one that went on to think", "<think>a</think>\n<think>b", "stop", false, ""],
    ["one that was cut off in a later thought", "First:<think>b", "length", false, ""],
    ["not one that speaks of the tag", "I left <think> out.", "stop", false, "I left <think> out."],
    ["a thought that the prompt opened", "a</think>b", "stop", true, "b"],
    ["one that it opened and nothing closed", "a", "length", true, ""],
    ["what stands before a closing tag", "a</think>b", "stop", false, "b"],
  ])("%s: %j", (_, text, finish, opensThought, shown) => {
    expect(text.slice(hiddenLength({ text, finish }, THINK, opensThought))).toBe(shown);
  });
});

test("a model's own template says what is hidden; without one, a thought at the start is", () => {
  const completion: Completion = { text: "<think>a</think>b", finish: "stop" };
  const keeps = readTemplateHistory(template((answer) => answer));
  const leavesOut = readTemplateHistory(template((answer) => afterThought(answer)));
  expect(withHidden(completion, keeps)).toEqual({ ...completion, hidden: 0 });
  expect(withHidden(completion, leavesOut)).toEqual({ ...completion, hidden: 16 });
  expect(asShown(withHidden(completion, keeps))).toEqual(completion);
  const shown = { text: "b", finish: "stop", reasoning: "<think>a</think>" };
  expect(asShown(withHidden(completion, leavesOut))).toEqual(shown);
  expect(asShown(completion)).toEqual(shown);
  expect(asShown({ ...completion, reasoning: "Hm." }).reasoning).toBe("Hm.\n<think>a</think>");
  for (const text of ["Close it with </think>.", "So: <think>a</think>b"]) {
    expect(asShown({ text, finish: "stop" })).toEqual({ text, finish: "stop" });
  }
});

test("only a thought is a reflection of which nothing is shown; an empty one is another matter", () => {
  const only = (completion: Completion) => isOnlyThought(asShown(completion));
  expect(only({ text: "<think>a", finish: "length" })).toBe(true);
  expect(only({ text: "\n", finish: "length", reasoning: "a" })).toBe(true);
  expect(only({ text: "b", finish: "stop", reasoning: "a" })).toBe(false);
  expect(only({ text: "", finish: "stop" })).toBe(false);
});
