import { createHash } from "node:crypto";

/** A line of `sqlite_master`, whatever bytes it has. */
export type SchemaEntry = Readonly<Record<(typeof COLUMNS)[number], string>>;

/** A database, as far as it is asked here. */
export interface SchemaSource {
  prepare(sql: string): { all(): unknown[] };
}

const COLUMNS = ["type", "name", "of", "sql"] as const;

const ENTRIES = `SELECT CAST(type AS BLOB) AS type, CAST(name AS BLOB) AS name, CAST(tbl_name AS BLOB) AS of,
  CAST(sql AS BLOB) AS sql FROM sqlite_master`;

/** What SQLite itself may add, where somebody lets it look for better plans. */
const STATISTICS = "CREATE TABLE sqlite_stat1(tbl,idx,stat)";

/** All that a database declares. Reading it runs nothing of it. */
export function readSchema(db: SchemaSource): readonly SchemaEntry[] {
  const rows = db.prepare(ENTRIES).all() as Readonly<Record<keyof SchemaEntry, ArrayBuffer | null>>[];
  const entries = rows.map(
    (row) => Object.fromEntries(COLUMNS.map((name) => [name, latin1(row[name])])) as SchemaEntry,
  );
  return entries.filter(({ sql }) => sql !== STATISTICS);
}

/** The same for two schemas only if they are the same to the letter. */
export function schemaHash(entries: readonly SchemaEntry[]): string {
  const lines = entries.map(({ type, name, of, sql }) => [type, name, of, sql].join("\0"));
  return createHash("sha256").update(lines.sort().join("\0\0")).digest("hex");
}

/** Of an index that SQLite makes itself there is no statement. */
function latin1(bytes: ArrayBuffer | null): string {
  return bytes === null ? "" : Buffer.from(bytes).toString("latin1");
}
