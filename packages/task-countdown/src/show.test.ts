import { shownAnswer, shownItem } from "@rrr/core";
import { expect, it } from "vitest";
import { countdown } from "./countdown.ts";

const task = countdown();
const item = { numbers: [25, 7, 8], target: 24 };
const shown = (answer: string, of = item) => shownAnswer(task, of, `<answer>${answer}</answer>`);

it("says the problem, and one right answer of few numbers", async () => {
  expect(await shownItem(task, item)).toEqual({
    description: "Make 24 of 25, 7, 8, each used once.",
    rows: [["a right answer", "25 + 7 - 8"]],
  });
  expect((await shownItem(task, { numbers: [1, 1], target: 9 }))?.rows).toEqual([
    ["a right answer", "there is none"],
  ]);
  const many = { numbers: Array.from({ length: 60 }, (_, i) => i), target: 1 };
  expect((await shownItem(task, many))?.rows).toBeUndefined();
});

it("says the value of an answer, and which numbers are wrong", async () => {
  expect((await shown("25 + 7 - 8"))?.rows).toEqual([
    ["expression", "25 + 7 - 8"],
    ["value", "24", "right"],
  ]);
  expect((await shown("(25 - 25) / 7"))?.rows).toEqual([
    ["expression", "(25 - 25) / 7"],
    ["value", "0, and 24 is wanted", "wrong"],
    ["used, but not given, or too often", "25", "wrong"],
    ["not used", "8", "wrong"],
  ]);
  expect((await shown("-7 / 8 - 25"))?.rows?.[1]).toEqual(["value", "-207/8, and 24 is wanted", "wrong"]);
  expect((await shown("25 / (7 - 7)"))?.rows?.[1]?.[1]).toMatch(/^a division by zero/);
  expect(await shown("twenty-four")).toEqual({
    description: "The answer is no expression.",
    rows: [["answer", "twenty-four", "wrong"]],
  });
  expect((await shownAnswer(task, item, "24"))?.description).toMatch(/no closed <answer>/);
});

it("draws a tree that can be shown, or none where it would be too large", async () => {
  const { svg = "" } = (await shown("(25 + 7) * 9")) ?? {};
  expect(svg.match(/<text[^>]*>([^<]*)</g)?.map((each) => each.replace(/.*>(.*)</, "$1"))).toEqual([
    ...["25", "7", "+", "32", "9", "×", "288"],
  ]);
  // 9 is not given: it is red.
  expect(svg).toMatch(/fill="#a3312a">9</);
  expect((await shown(`${"-(".repeat(200)}7${")".repeat(200)}`))?.svg).toBeUndefined();
  expect((await shown("7"))?.svg).toBeUndefined();
});
