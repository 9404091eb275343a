import { createHash } from "node:crypto";
import Database from "libsql";
import { OLDER_TABLES } from "./older.ts";
import { SCHEMA, SCHEMA_VERSION } from "./schema.ts";

/** What a line of `sqlite_master` says, whatever bytes it has. */
type Entry = Readonly<Record<(typeof COLUMNS)[number], string>>;

const COLUMNS = ["type", "name", "of", "sql"] as const;

const ENTRIES = `SELECT CAST(type AS BLOB) AS type, CAST(name AS BLOB) AS name, CAST(tbl_name AS BLOB) AS of,
  CAST(sql AS BLOB) AS sql FROM sqlite_master`;

/** What SQLite itself may add, where somebody lets it look for better plans. */
const STATISTICS = "CREATE TABLE sqlite_stat1(tbl,idx,stat)";

/**
 * The version of a run's tables; undefined for a database without any. Only tables that are to the letter those of their
 * version are ever read: a view, a trigger or a computed column in a file from elsewhere would run.
 * @throws Error for tables that no version has
 */
export function versionIn(db: Database.Database): number | undefined {
  const entries = entriesOf(db);
  if (entries.length === 0) return undefined;
  const hash = hashOf(entries);
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
function isPlain(entries: readonly Entry[]): boolean {
  return entries.every(({ type, sql }) => {
    return ["table", "index"].includes(type) && !/\b(virtual|generated|as)\b/i.test(sql);
  });
}

function entriesOf(db: Database.Database): readonly Entry[] {
  const rows = db.prepare(ENTRIES).all() as Readonly<Record<keyof Entry, ArrayBuffer | null>>[];
  const entries = rows.map(
    (row) => Object.fromEntries(COLUMNS.map((name) => [name, latin1(row[name])])) as Entry,
  );
  return entries.filter(({ sql }) => sql !== STATISTICS);
}

/** Of an index that SQLite makes itself there is no statement. */
function latin1(bytes: ArrayBuffer | null): string {
  return bytes === null ? "" : Buffer.from(bytes).toString("latin1");
}

function hashOf(entries: readonly Entry[]): string {
  const lines = entries.map(({ type, name, of, sql }) => [type, name, of, sql].join("\0"));
  return createHash("sha256").update(lines.sort().join("\0\0")).digest("hex");
}

let known: string | undefined;

function today(): string {
  if (known !== undefined) return known;
  const db = new Database(":memory:");
  db.exec(SCHEMA);
  known = hashOf(entriesOf(db));
  db.close();
  return known;
}
