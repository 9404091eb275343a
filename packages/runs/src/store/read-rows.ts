import { isUtf8 } from "node:buffer";
import type Database from "libsql";

/** A query whose rows are what its columns promise. */
export interface CheckedQuery {
  readonly statement: Database.Statement;
  /** @throws Error for a text that is not UTF-8, or a value of another kind than its column's */
  checked(row: unknown): unknown;
}

/**
 * A file from elsewhere may hold anything anywhere, and libsql ends the process where a text is not UTF-8. So texts come
 * over as bytes, and are looked at here.
 */
export function prepareQuery(db: Database.Database, sql: string): CheckedQuery {
  const plain = db.prepare(sql);
  if (!/^\s*SELECT\b/.test(sql)) return { statement: plain, checked: (row) => row };
  const columns = plain.columns();
  const cells = columns.map(({ name }) => {
    const cell = `"${name.replaceAll('"', '""')}"`;
    return `CASE typeof(${cell}) WHEN 'text' THEN CAST(${cell} AS BLOB) ELSE ${cell} END AS ${cell}`;
  });
  const kinds = columns.map(({ name, type }) => [name, type] as const);
  return {
    statement: db.prepare(`SELECT ${cells.join(", ")} FROM (${sql})`),
    checked(row) {
      const values = row as Record<string, unknown>;
      for (const [name, type] of kinds) {
        const value = values[name];
        if (value === null) continue;
        if (typeof value === "number" ? fits(value, type) : type === "BLOB") continue;
        if (type === "INTEGER" || type === "REAL" || typeof value === "number") {
          throw new Error(`a value of ${name} is no ${type?.toLowerCase()}`);
        }
        values[name] = textOf(value, name);
      }
      return row;
    },
  };
}

/** A column of a table has a type; what was computed has none. */
function fits(value: number, type: string | null): boolean {
  return type === null || type === "REAL" || (type === "INTEGER" && Number.isSafeInteger(value));
}

/** libsql gives the bytes of one row as a Buffer, and those of all rows as an ArrayBuffer. */
function textOf(value: unknown, name: string): string {
  const bytes = value instanceof ArrayBuffer ? Buffer.from(value) : value;
  if (Buffer.isBuffer(bytes) && isUtf8(bytes)) return bytes.toString("utf8");
  throw new Error(`a text of ${name} is not UTF-8`);
}
