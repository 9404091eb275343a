import { MEASURES, type Measure } from "@rrr/trainer";
import Table from "cli-table3";
import { LABELS } from "./labels.ts";
import { points, pValue, share } from "./numbers.ts";
import type { EvaluationSummary, Result } from "./result.ts";

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

/** The table of a result: a row a measure, with 95 % intervals. */
export function renderTable(result: Result): string {
  const { before, after } = result;
  const table = new Table({
    head: after
      ? ["", "before training", "after training", "difference, paired", ""]
      : ["", "share of problems"],
    chars: { ...Object.fromEntries([...LINES, ...EDGES].map((name) => [name, ""])), middle: "  " },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  for (const measure of MEASURES) {
    if (before.rates[measure] || after?.rates[measure]) table.push(row(result, measure));
  }
  table.push([
    "errored problems, in no share",
    String(before.errored),
    ...(after ? [String(after.errored)] : []),
  ]);
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

function row({ before, after, gains }: Result, measure: Measure): string[] {
  const label = LABELS[measure];
  if (after === undefined) return [label, cell(before, measure)];
  const gain = gains?.[measure];
  const difference = gain ? [points(gain.difference), pValue(gain.p)] : [];
  return [label, cell(before, measure), cell(after, measure), ...difference];
}

function cell({ rates }: EvaluationSummary, measure: Measure): string {
  const rate = rates[measure];
  return rate === undefined ? "–" : share(rate);
}
