import { once } from "node:events";
import type { Writable } from "node:stream";
import { RrrError } from "@rrr/core";
import { stringify } from "csv-stringify/sync";
import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer";
import type { Cell, ExportTable } from "./tables.ts";

type Rows = Iterable<readonly Cell[]>;

/** An object a line. */
export async function writeJsonLines({ columns }: ExportTable, rows: Rows, out: Writable): Promise<void> {
  const names = Object.keys(columns);
  for (const row of rows) {
    const entries = names.map((name, i) => [name, row[i]]);
    await put(
      out,
      asText(() => `${JSON.stringify(Object.fromEntries(entries))}\n`),
    );
  }
}

/**
 * With a header; quoted as RFC 4180 has it. An absent value is an empty field. A text that a spreadsheet would run
 * (`=`, `+`, `-`, `@` comes first, or after blanks and what is not shown) has an apostrophe before it; numbers are as they are.
 */
export async function writeCsv({ columns }: ExportTable, rows: Rows, out: Writable): Promise<void> {
  await put(out, stringify([Object.keys(columns)]));
  for (const row of rows)
    await put(
      out,
      asText(() => stringify([row.map(withoutFormula)])),
    );
}

/** Some spreadsheets pass over what stands before it; some take the wide forms too. A NUL is stored as U+FFFD. */
const FORMULA =
  /^[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\ufffd]*[=+\-@\uff0b\uff0d\uff1d\uff20]|^[\t\r]/u;

export function withoutFormula(cell: Cell): Cell {
  return typeof cell === "string" && FORMULA.test(cell) ? `'${cell}` : cell;
}

/** All at once: Parquet is laid out by column, so the whole table is in memory. */
export async function writeParquet({ columns }: ExportTable, rows: Rows, out: Writable): Promise<void> {
  const all = [...rows];
  const types = { text: "STRING", integer: "INT32", real: "DOUBLE" } as const;
  const columnData = Object.entries(columns).map(([name, kind], i): ColumnSource => {
    const data = all.map((row) => row[i] ?? null);
    return { name, data, type: types[kind], nullable: true };
  });
  await put(
    out,
    asText(() => Buffer.from(parquetWriteBuffer({ columnData }))),
  );
}

/** What a row is as text, or the rows all at once. @throws RrrError `bad-run` where it is longer than any can be */
export function asText<Text extends string | Buffer>(make: () => Text): Text {
  try {
    return make();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new RrrError("bad-run", "a text of this run is too long to be exported", {
      cause,
      hint: "No model writes so much: see where the run comes from. SQLite reads run.db as it is.",
    });
  }
}

/** Waits where the reader is slower. */
export async function put(out: Writable, chunk: string | Buffer): Promise<void> {
  if (!out.write(chunk)) await once(out, "drain");
}
