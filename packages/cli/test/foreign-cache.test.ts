/** A cache folder from elsewhere: nothing outside of it is read, written or removed, and nothing in it runs. */
import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { openResponseCache, withCache } from "@rrr/models";
import Database from "libsql";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { journalNaming } from "../../core/test/journal-naming.ts";
import { project } from "../../plugins/test/plugin-files.ts";
import { runCli } from "./run-cli.ts";

vi.setConfig({ testTimeout: 120_000 });

const COMMANDS = [
  ["cache"],
  ["cache", "clear", "--yes"],
  [
    "eval",
    "countdown",
    "--model",
    "openai:m",
    "--base-url",
    "http://127.0.0.1:9/v1",
    "--limit",
    "1",
    "--quiet",
  ],
];

let cwd: string;
let path: string;
let victim: string;
beforeEach(async () => {
  cwd = project({ "outside/victim": "precious" });
  path = join(cwd, "cache/responses-2.db");
  victim = join(cwd, "outside/victim");
  vi.stubEnv("RRR_CACHE_DIR", join(cwd, "cache"));
  vi.stubEnv("OPENAI_API_KEY", "none");
  onTestFinished(() => void vi.unstubAllEnvs());
  const made = join(cwd, "made.db");
  const cache = await openResponseCache({ path: made });
  const inner = { id: "m", generate: async () => [{ text: "4", finish: "stop" as const }] };
  const cached = withCache(inner, cache, { model: "m", source: "s" });
  await cached.generate([], { maxTokens: 8, temperature: 1, seed: 1 });
  cache.close();
  // A file of its own, that nothing in this process has open.
  const settled = new Database(made);
  settled.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  settled.close();
  mkdirSync(join(cwd, "cache"));
  copyFileSync(made, path);
});

/** What every command says of the cache, each the same. */
async function refusals(isOpened = false): Promise<string> {
  const said = new Set<string>();
  const before = readdirSync(join(cwd, "cache"));
  for (const args of COMMANDS) {
    const { code, stdout, stderr } = await runCli(cwd, args);
    expect([code, stdout]).toEqual([1, ""]);
    said.add(stderr);
    expect(readFileSync(victim, "utf8")).toBe("precious");
    expect(readdirSync(join(cwd, "outside"))).toEqual(["victim"]);
    // SQLite's own log comes beside what it opens.
    if (!isOpened) expect(readdirSync(join(cwd, "cache"))).toEqual(before);
  }
  const [only = "", ...others] = said;
  expect(others).toEqual([]);
  expect(only).toMatch(/^rrr: [^\n]+ \[bad-cache\]\. [^\n]+\n$/);
  return only;
}

test("a journal that names another file does not have it deleted", async () => {
  const journal = journalNaming(path, victim);
  writeFileSync(`${path}-journal`, journal);
  expect(await refusals()).toContain("it names another file; nothing was read or written");
  expect(readFileSync(`${path}-journal`)).toEqual(journal);
  rmSync(path);
  expect(await refusals()).toContain("it names another file");
});

test.each(["", "-wal", "-shm", "-journal"])(
  "a link in place of responses-2.db%s is not followed",
  async (end) => {
    for (const target of [victim, join(cwd, "outside/not-there")]) {
      rmSync(path + end, { force: true });
      symlinkSync(target, path + end);
      expect(await refusals()).toContain(`responses-2.db${end} is a link; nothing was read or written`);
    }
  },
);

test("a pipe or a folder in place of it is named, and nobody waits", async () => {
  rmSync(path);
  execFileSync("mkfifo", [path]);
  expect(await refusals()).toContain("is no file");
  rmSync(path);
  mkdirSync(path);
  expect(await refusals()).toContain("is no file");
});

test.each([
  ["a trigger", "CREATE TRIGGER t BEFORE DELETE ON entry BEGIN SELECT RAISE(IGNORE); END"],
  ["a view", "ALTER TABLE entry RENAME TO kept; CREATE VIEW entry AS SELECT * FROM kept"],
  ["a computed column", "ALTER TABLE entry ADD COLUMN more INTEGER AS (length(completion))"],
  ["an index that computes", "CREATE INDEX i ON entry (length(completion || completion))"],
  ["a virtual table", "CREATE VIRTUAL TABLE more USING fts5(body)"],
  ["another table", "CREATE TABLE more (x)"],
  [
    "a table without checks",
    "DROP TABLE entry; CREATE TABLE entry (key, sample, model, source, created_at, digest, completion)",
  ],
  ["no table", "DROP TABLE entry"],
  ["another owner", "PRAGMA application_id = 7"],
])("%s in it: it is neither read nor written", async (_, sql) => {
  const db = new Database(path);
  db.exec(sql);
  db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  db.close();
  const before = readFileSync(path);
  expect(await refusals(true)).toContain("is no response cache of this rrr");
  expect(readFileSync(path)).toEqual(before);
});

test("a cache that a crash left with its log is used on", async () => {
  const db = new Database(path);
  db.exec("UPDATE entry SET model = 'n'");
  const files = ["", "-wal"].map((end) => [path + end, readFileSync(path + end)] as const);
  db.close();
  for (const [file, bytes] of files) writeFileSync(file, bytes);
  const { code, stdout } = await runCli(cwd, ["cache", "--json"]);
  expect([code, JSON.parse(stdout).models]).toMatchObject([0, [{ model: "n", completions: 1 }]]);
  expect(existsSync(victim)).toBe(true);
});
