import { widthOf } from "@rrr/runs";
import { expect, test } from "vitest";
import { columns } from "./columns.ts";

const rows = [
  ["countdown", "task", "came with rrr", "Numbers are to be made out of others, and a program checks it"],
  ["漢字の課題", "task", "this project", ""],
];

test("cells stand below each other, wide characters too", () => {
  expect(
    columns(
      rows.map((row) => row.slice(0, 3)),
      {},
    ),
  ).toBe(["countdown   task  came with rrr", "漢字の課題  task  this project", ""].join("\n"));
});

test("what a terminal has no room for stands below, broken at words", () => {
  expect(columns(rows, { columns: 40 })).toBe(
    [
      "countdown   task  came with rrr",
      "    Numbers are to be made out of",
      "    others, and a program checks it",
      "漢字の課題  task  this project",
      "",
    ].join("\n"),
  );
  for (let room = 12; room <= 120; room++) {
    expect(widthOf(columns(rows, { columns: room }))).toBeLessThanOrEqual(room);
  }
});
