import { visible } from "@rrr/core";
import Table from "cli-table3";

const LINES = [
  "top",
  "top-mid",
  "top-left",
  "top-right",
  "bottom",
  "bottom-mid",
  "bottom-left",
  "bottom-right",
];
const EDGES = ["left", "left-mid", "mid", "mid-mid", "right", "right-mid"];

/** A table without lines, its columns two spaces apart. A cell may have several lines. */
export function plainTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    head: [...head],
    chars: { ...Object.fromEntries([...LINES, ...EDGES].map((name) => [name, ""])), middle: "  " },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  // What a row lacks would be a line of its own.
  table.push(...rows.map((row) => head.map((_, column) => visible(row[column] ?? ""))));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}
