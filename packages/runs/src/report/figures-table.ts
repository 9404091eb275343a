import { plainTable } from "./plain-table.ts";
import { type Layout, widthOf, wrapText } from "./wrap-text.ts";

interface Block {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Columns beside the label that stay together: the shares; the difference with its p. */
const BLOCKS = [
  [1, 2],
  [3, 4],
];

/**
 * A table of labels, one or two columns of shares, and their differences. Where a line is too short for all of it,
 * the differences come below the shares; where it is still too short, each interval below its figure.
 */
export function figuresTable(whole: Block, layout: Layout): string {
  const text = tableOf(whole);
  if (fits(text, layout)) return text;
  return BLOCKS.map((columns) => part(whole, columns))
    .filter(({ rows }) => rows.length > 0)
    .map((block) => narrowed(block, layout))
    .join("\n\n");
}

function narrowed(block: Block, layout: Layout): string {
  const text = tableOf(block);
  if (fits(text, layout)) return text;
  const stacked = {
    head: block.head.map((name) => name.replace(/ (?=[a-z])/, "\n")),
    rows: block.rows.map((row) => row.map((cell, i) => (i === 0 ? cell : cell.replace(" [", "\n[")))),
  };
  const over = widthOf(tableOf(stacked)) - (layout.columns ?? Number.POSITIVE_INFINITY);
  if (over <= 0) return tableOf(stacked);
  const room = Math.max(...block.rows.map(([label = ""]) => label.length)) - over;
  const rows = stacked.rows.map(([label = "", ...cells]) => [brokenLabel(label, room), ...cells]);
  return tableOf({ ...stacked, rows });
}

/** A block of its own of some columns; rows that have nothing there are left out. */
function part({ head, rows }: Block, columns: readonly number[]): Block {
  const pick = (row: readonly string[]): string[] => [
    row[0] ?? "",
    ...columns.flatMap((i) => (i < head.length ? [row[i] ?? ""] : [])),
  ];
  return { head: pick(head), rows: rows.map(pick).filter((row) => row.slice(1).some(Boolean)) };
}

/** What a label has before its words indents its other lines too. */
function brokenLabel(label: string, columns: number): string {
  if (label.length <= columns) return label;
  const [indent = ""] = /^ */.exec(label) ?? [];
  return wrapText(label.trimStart(), { columns: columns - 2 }, indent).replaceAll("\n", "\n  ");
}

function tableOf({ head, rows }: Block): string {
  return plainTable(head, rows);
}

function fits(text: string, { columns = Number.POSITIVE_INFINITY }: Layout): boolean {
  return widthOf(text) <= columns;
}
