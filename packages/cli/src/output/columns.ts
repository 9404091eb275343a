import { visibleLine } from "@rrr/core";
import { type Layout, widthOf, wrapText } from "@rrr/runs";
import { stdout } from "./print.ts";
import { terminalColumns } from "./terminal-columns.ts";

const INDENT = "    ";

/**
 * Rows of cells as lines whose columns are aligned. What a terminal has no room for stands below,
 * broken at words.
 */
export function columns(
  rows: readonly (readonly string[])[],
  layout: Layout = { columns: terminalColumns(stdout) },
): string {
  const shown = rows.map((row) => row.map(visibleLine));
  const widths = (shown[0] ?? []).map((_, i) => Math.max(...shown.map((row) => widthOf(row[i] ?? ""))));
  const fitting = fittingColumns(widths, layout.columns);
  return shown.map((row) => rowText(row, widths, fitting, layout)).join("");
}

/** How many columns stand beside each other; at least one does. */
function fittingColumns(widths: readonly number[], room = Number.POSITIVE_INFINITY): number {
  let [taken, fitting] = [0, 0];
  for (const width of widths) {
    taken += width + (fitting === 0 ? 0 : 2);
    if (taken > room) break;
    fitting++;
  }
  return Math.max(1, fitting);
}

function rowText(row: readonly string[], widths: readonly number[], fitting: number, layout: Layout): string {
  const padded = row.map((cell, i) => cell + " ".repeat(Math.max(0, (widths[i] ?? 0) - widthOf(cell))));
  const line = wrapText(padded.slice(0, fitting).join("  ").trimEnd(), layout);
  const rest = row.slice(fitting).filter((cell) => cell !== "");
  const below = rest.length === 0 ? "" : `${wrapText(rest.join("  "), layout, INDENT)}\n`;
  return `${line}\n${below}`;
}
