import { readSchema, type SchemaEntry, schemaHash } from "@rrr/core/database";
import Database from "libsql";
import { OLDER_TABLES } from "./older.ts";
import { SCHEMA, SCHEMA_VERSION } from "./schema.ts";

/**
 * The version of a run's tables; undefined for a database without any. Only tables that are to the letter those of their
 * version are ever read: a view, a trigger or a computed column in a file from elsewhere would run.
 * @throws Error for tables that no version has
 */
export function versionIn(db: Database.Database): number | undefined {
  const entries = readSchema(db);
  if (entries.length === 0) return undefined;
  const hash = schemaHash(entries);
  const ofTables = hash === today() ? SCHEMA_VERSION : OLDER_TABLES.get(hash);
  // A newer rrr may have written them: that is to be said, with its version.
  if (ofTables === undefined && !isPlain(entries)) throw new Error("its tables are those of no run");
  const rows = db
    .prepare(
      "SELECT CAST(schema_version AS INTEGER) AS version, typeof(schema_version) AS kind FROM run LIMIT 2",
    )
    .all() as { readonly version: number; readonly kind: string }[];
  const [row] = rows;
  if (row === undefined || rows.length > 1) throw new Error(`it has ${rows.length} rows in the table run`);
  const { version, kind } = row;
  const isReadable = version === SCHEMA_VERSION || [...OLDER_TABLES.values()].includes(version);
  if (kind === "integer" && (version === ofTables || !isReadable)) return version;
  throw new Error(`its tables are not those of version ${version}`);
}

/** Whether nothing in it computes. */
function isPlain(entries: readonly SchemaEntry[]): boolean {
  return entries.every(({ type, sql }) => {
    return ["table", "index"].includes(type) && !/\b(virtual|generated|as)\b/i.test(sql);
  });
}

let known: string | undefined;

function today(): string {
  if (known !== undefined) return known;
  const db = new Database(":memory:");
  db.exec(SCHEMA);
  known = schemaHash(readSchema(db));
  db.close();
  return known;
}
