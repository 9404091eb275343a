/** A run.db from elsewhere, with anything in it: reading it is an answer or `bad-run`, and nothing of it runs. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Episode, fail, pass } from "@rrr/core";
import Database from "libsql";
import { expect, test } from "vitest";
import { journalNaming } from "../../../core/test/journal-naming.ts";
import { project } from "../../../plugins/test/plugin-files.ts";
import { runHeader } from "../../test/run-header.ts";
import { TABLES } from "../export/tables.ts";
import { planPrune } from "../prune/plan-prune.ts";
import { listRuns } from "../read/list-runs.ts";
import { openRunReader } from "../read/run-reader.ts";
import { storedResult } from "../read/stored-result.ts";
import { runText } from "../report/run-text.ts";
import { createRunStore, reopenRunStore } from "./run-store.ts";
import { EPISODE, ITEM, MESSAGE, NEWS, OUTCOME, RUN, TURN } from "./schema.ts";

const completion = { text: "text", finish: "stop", reasoning: "hm" } as const;
const episode: Episode = {
  kind: "reflected",
  item: { n: 1 },
  attempt: { prompt: [{ role: "user", content: "?" }], completion, verdict: fail("wrong", "why") },
  reflection: { prompt: [], completion, retry: { prompt: [], completion, verdict: pass() } },
};

/** A finished run below `runs/` with a row in each table that an evaluation fills. */
function run(cwd: string, name: string): string {
  const folder = join(cwd, "runs", name);
  mkdirSync(folder, { recursive: true });
  const store = createRunStore(folder, runHeader());
  const record = store.record("evaluate");
  const outcomes = { first: false, after: true };
  for (const problem of [0, 1]) {
    record.add({ part: "episodes", problem, sample: 0, episode, outcomes, seconds: 0 });
  }
  store.endEvaluation("evaluate", {});
  store.end("finished");
  store.close();
  return folder;
}

function vandalise(folder: string, sql: string): void {
  const db = new Database(join(folder, "run.db"));
  db.exec(`PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; ${sql}`);
  db.close();
}

/** Everything that reads a run. */
function readAll(folder: string): void {
  const reader = openRunReader(folder);
  try {
    runText(reader);
    storedResult(reader);
    for (const table of Object.values(TABLES)) for (const _ of table.rows(reader));
    reader.news(0);
    reader.steps();
  } finally {
    reader.close();
  }
}

const isRefused = expect.objectContaining({ code: "bad-run" });

const TEXTS = [RUN, ITEM, MESSAGE, EPISODE, TURN, OUTCOME, NEWS].flatMap(({ name, kinds }) =>
  Object.entries(kinds).flatMap(([column, kind]) => (kind === "text" ? [[name, column] as const] : [])),
);

test("a text that is not UTF-8, in whichever column: the run is refused by name, and the others are listed", () => {
  const cwd = project({});
  run(cwd, "good");
  const names = TEXTS.map(([table, column]) => {
    const name = `${table}-${column}`;
    const folder = run(cwd, name);
    vandalise(folder, `UPDATE OR IGNORE ${table} SET ${column} = CAST(x'61ff62' AS TEXT)`);
    return name;
  });
  expect(names.length).toBeGreaterThan(35);
  const listed = listRuns(cwd);
  expect(listed.map(({ name }) => name).sort()).toEqual(["good", ...names].sort());
  expect(listed).toContainEqual(expect.objectContaining({ name: "good", status: "finished", problems: 2 }));
  expect(listed.filter((each) => "error" in each).length).toBeGreaterThan(10);
  for (const name of names) {
    // What no reader looks at is in nobody's way.
    const isUnread = /hash|error_turn|evaluation/.test(name);
    const read = () => readAll(join(cwd, "runs", name));
    if (isUnread) continue;
    expect(read, name).toThrow(isRefused);
  }
  expect(planPrune(cwd).left.length).toBeGreaterThan(10);
});

test.each([
  ["a trigger", "CREATE TRIGGER t AFTER UPDATE ON run BEGIN DELETE FROM item; END"],
  ["a view", "DROP TABLE step; CREATE VIEW step AS SELECT 1 AS step"],
  ["a virtual table", "DROP TABLE step; CREATE VIRTUAL TABLE step USING fts5(body)"],
  ["a computed column", "DROP TABLE step; CREATE TABLE step (step AS (length(hex(zeroblob(900)))), x)"],
  ["an index that computes", "CREATE INDEX i ON turn (length(text || text))"],
  ["another table", "CREATE TABLE more (x)"],
  ["tables without checks", "DROP TABLE step; CREATE TABLE step (step)"],
  [
    "bytes for a name",
    "PRAGMA writable_schema = ON; UPDATE sqlite_master SET name = CAST(x'ff' AS TEXT) WHERE name = 'step'",
  ],
  [
    "bytes for a statement",
    "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = sql || CAST(x'ff' AS TEXT) WHERE name = 'step'",
  ],
  ["no row", "DELETE FROM run"],
  ["a negative version", "UPDATE run SET schema_version = -3"],
  ["an identity that is none", "UPDATE run SET identity = 'null'"],
  ["a time that is none", "UPDATE run SET started_at = 'yesterday'"],
  ["a status that is none", "UPDATE run SET status = 'done'"],
])("%s in a run.db: it is neither read nor written", (_, sql) => {
  const cwd = project({});
  const folder = run(cwd, "bad");
  run(cwd, "good");
  vandalise(folder, sql);
  const before = readFileSync(join(folder, "run.db"));
  expect(() => readAll(folder)).toThrow(isRefused);
  if (!sql.startsWith("UPDATE run SET ") || sql.includes("version")) {
    expect(() => reopenRunStore(folder)).toThrow(isRefused);
    expect(readFileSync(join(folder, "run.db"))).toEqual(before);
  }
  expect(listRuns(cwd)).toMatchObject([{ name: "good" }, { name: "bad", error: expect.any(String) }]);
});

test.each([
  ["text for a number", "UPDATE run SET schema_version = 'three'", "run"],
  ["bytes for a number", "UPDATE episode SET problem = CAST(x'ff' AS TEXT) WHERE id = 1", "episode"],
  ["a number beyond all", "UPDATE episode SET problem = 9223372036854775807 WHERE id = 1", "episode"],
  ["nothing for a text", "UPDATE run SET started_at = NULL", "run"],
])("%s, which the tables do not allow, is bad-run", (_, sql, table) => {
  const cwd = project({});
  const folder = run(cwd, "bad");
  const statement = `SELECT sql FROM sqlite_master WHERE name = '${table}'`;
  const db = new Database(join(folder, "run.db"));
  const { sql: whole } = db.prepare(statement).get() as { readonly sql: string };
  const lax = whole.replace("STRICT", "").replaceAll(/ (NOT NULL|CHECK \(.*\))(?=,?\n)/g, "");
  const redefine = (text: string): void => {
    db.exec(`PRAGMA writable_schema = ON`);
    db.prepare("UPDATE sqlite_master SET sql = ? WHERE name = ?").run(text, table);
    db.exec("PRAGMA writable_schema = RESET");
  };
  redefine(lax);
  db.exec(sql);
  redefine(whole);
  db.close();
  expect(() => readAll(folder)).toThrow(isRefused);
  expect(listRuns(cwd)).toMatchObject([{ name: "bad", error: expect.any(String) }]);
});

test("a journal beside run.db that names another file does not have it deleted", () => {
  const cwd = project({ victim: "precious" });
  const victim = join(cwd, "victim");
  const lone = join(cwd, "lone.db");
  // That the journal is one: without the check, SQLite deletes the file that it names.
  const db = new Database(lone);
  db.exec("CREATE TABLE t (x)");
  db.close();
  writeFileSync(`${lone}-journal`, journalNaming(lone, join(cwd, "lost")));
  writeFileSync(join(cwd, "lost"), "precious");
  const opened = new Database(lone);
  opened.prepare("SELECT * FROM t").all();
  opened.close();
  expect(existsSync(join(cwd, "lost"))).toBe(false);

  const folder = run(cwd, "bad");
  for (const file of ["run.db", ".lock"]) {
    const path = join(folder, file);
    if (file === ".lock") writeFileSync(path, readFileSync(lone));
    writeFileSync(`${path}-journal`, journalNaming(path, victim));
    if (file === "run.db") {
      expect(() => openRunReader(folder)).toThrow(isRefused);
      expect(listRuns(cwd)).toMatchObject([
        { name: "bad", error: expect.stringContaining("names another file") },
      ]);
    }
    expect(() => reopenRunStore(folder)).toThrow(isRefused);
    planPrune(cwd, { olderThanMs: 1, nowMs: Date.now() + 1e9 });
    expect(existsSync(victim)).toBe(true);
  }
});
