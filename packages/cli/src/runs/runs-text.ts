import { visibleLine } from "@rrr/core";
import { type Layout, type ListedRun, plainTable, shareFigure, widthOf, wrapText } from "@rrr/runs";
import { size } from "../cache/cache-text.ts";
import { localTime } from "../output/local-time.ts";

type ReadRun = Extract<ListedRun, { task: string }>;

interface Column {
  readonly head: string;
  readonly cell: (run: ReadRun) => string;
  /** Of a run that cannot be read. */
  readonly unread?: (run: ListedRun) => string;
  /** Left out of narrow terminals, the highest first; undefined: never. */
  readonly leaves?: number;
  /** Where it is scarcest; a date and a time are two lines. */
  readonly narrow?: number;
  /** What it is called, where its head says nothing. */
  readonly name?: string;
}

/** `40.0 to`, with the other bound below. */
const BOUND = 7;

const COLUMNS: readonly Column[] = [
  { head: "run", cell: ({ name }) => visibleLine(name), unread: ({ name }) => visibleLine(name) },
  { head: "", name: "command", cell: ({ command }) => visibleLine(command), leaves: 8 },
  { head: "model", cell: ({ model }) => visibleLine(model), leaves: 4 },
  { head: "", name: "status", cell: ({ status }) => visibleLine(status), unread: () => "unreadable" },
  { head: "problems", cell: ({ problems }) => String(problems ?? "–"), leaves: 6 },
  { head: "first try", cell: ({ first }) => share(first), leaves: 1, narrow: BOUND },
  { head: "after reflection", cell: ({ after }) => share(after), narrow: BOUND },
  { head: "errored", cell: ({ errored }) => String(errored ?? "–"), leaves: 2 },
  { head: "task", cell: ({ task }) => visibleLine(task), leaves: 3, narrow: 10 },
  { head: "started (local)", cell: ({ startedAt }) => localTime(startedAt), leaves: 3, narrow: 10 },
  { head: "size", cell: ({ bytes }) => size(bytes), unread: ({ bytes }) => size(bytes), leaves: 7 },
];

/** Longer names have their rest on lines below where space is scarce, and again where it is scarcer. */
const NAME_WIDTHS = [28, 15];

/** The list of runs as a table; a narrow terminal lacks some columns, and is told which. */
export function runsText(runs: readonly ListedRun[], layout: Layout = {}): string {
  if (runs.length === 0) return "No runs below runs/. `rrr run` and `rrr eval` make them.\n";
  const { columns = Number.POSITIVE_INFINITY } = layout;
  const whole = tableOf(COLUMNS, runs);
  if (widthOf(whole) <= columns) return `${whole}\n`;
  const leaving = COLUMNS.filter(({ leaves }) => leaves !== undefined);
  leaving.sort((a, b) => (b.leaves ?? 0) - (a.leaves ?? 0));
  for (let gone = 0; ; gone++) {
    const lacking = leaving.slice(0, gone);
    const shown = COLUMNS.filter((column) => !lacking.includes(column));
    const tables = NAME_WIDTHS.map((width) => tableOf(shown.map(folded(width)), runs));
    const table =
      tables.find((each) => widthOf(each) <= columns) ?? (gone < leaving.length ? undefined : tables.at(-1));
    if (table === undefined) continue;
    return gone === 0 ? `${table}\n` : `${table}\n\n${wrapText(hint(lacking), layout)}\n`;
  }
}

function tableOf(columns: readonly Column[], runs: readonly ListedRun[]): string {
  return plainTable(
    columns.map(({ head }) => head),
    runs.map((run) =>
      columns.map(({ cell, unread }) => ("error" in run ? (unread?.(run) ?? "") : cell(run))),
    ),
  );
}

/** A column that takes less space. */
function folded(most: number): (column: Column) => Column {
  return ({ head, cell, unread, narrow = most, ...column }) => {
    const columns = most === NAME_WIDTHS.at(-1) ? narrow : most;
    const fold = (text: string): string => wrapText(text, { columns });
    return {
      ...column,
      head: head.replace(" ", "\n"),
      cell: (run) => fold(cell(run)),
      ...(unread && { unread: (run) => fold(unread(run)) }),
    };
  };
}

function hint(lacking: readonly Column[]): string {
  const names = lacking.map(({ head, name }) => name ?? head).join(", ");
  return `Left out for want of space: ${names}. A wider terminal, a pipe and --json have them.`;
}

function share(value: ReadRun["first"]): string {
  return value === undefined ? "–" : shareFigure(value);
}
