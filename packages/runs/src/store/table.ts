/** A column as SQL has it, by what a row has in it: a mismatch does not compile. */
type SqlOf<Value> = null extends Value
  ? `${KindOf<Exclude<Value, null>>}${Suffix}`
  : `${KindOf<Value>} NOT NULL${Suffix}` | `${KindOf<Value>} PRIMARY KEY${Suffix}`;

type KindOf<Value> = Value extends string ? "TEXT" : Value extends number ? "INTEGER" | "REAL" : "BLOB";
type Suffix = "" | ` ${string}`;

export type ColumnKind = "text" | "integer" | "real" | "blob";
export type Cell = string | number | Uint8Array | null;

/** A table: its statement, its rows and its exports all come from this one declaration. */
export interface Table<Row extends object> {
  readonly name: string;
  readonly columns: readonly (keyof Row & string)[];
  readonly kinds: Readonly<Record<keyof Row & string, ColumnKind>>;
  /** `CREATE TABLE …` and its indexes. */
  readonly sql: string;
  /** `INSERT INTO … VALUES …`, with a place for each column. */
  readonly insert: string;
  /** A row's cells in the order of `insert`. */
  cells(row: New<Row>): readonly Cell[];
}

/** A row that is not there yet: null lets SQLite number it. */
export type New<Row> = {
  readonly [Name in keyof Row]: Name extends "id" | "seq" ? Row[Name] | null : Row[Name];
};

/**
 * @param columns in their order
 * @param more constraints of the table, e.g. `PRIMARY KEY (stage, measure)`, and statements after it, e.g. indexes
 */
export function defineTable<Row extends object>(
  name: string,
  columns: { readonly [Name in keyof Row & string]-?: SqlOf<Row[Name]> },
  more: { readonly constraints?: readonly string[]; readonly options?: string; readonly after?: string } = {},
): Table<Row> {
  const names = Object.keys(columns) as (keyof Row & string)[];
  const declared = names.map((column) => `${column} ${columns[column]}`);
  const body = [...declared, ...(more.constraints ?? [])].map((line) => `  ${line}`).join(",\n");
  const kindOf = (sql: string): ColumnKind => sql.split(" ", 1)[0]?.toLowerCase() as ColumnKind;
  return {
    name,
    columns: names,
    kinds: Object.fromEntries(names.map((column) => [column, kindOf(columns[column])])) as Record<
      keyof Row & string,
      ColumnKind
    >,
    sql: `CREATE TABLE ${name} (\n${body}\n) ${more.options ?? "STRICT"};\n${more.after ?? ""}`,
    insert: `INSERT INTO ${name} VALUES (${names.map(() => "?").join(", ")})`,
    cells: (row) => names.map((column) => row[column as keyof New<Row>] as Cell),
  };
}
