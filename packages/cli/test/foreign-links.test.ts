/** Links and pipes in a run folder from elsewhere: nothing is written, removed or waited for outside of it. */
import { execFile, execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import Database from "libsql";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { project } from "../../plugins/test/plugin-files.ts";
import { bin, runCli } from "./run-cli.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const made = mkdtempSync(join(tmpdir(), "rrr-links-"));
afterAll(() => rmSync(made, { recursive: true, force: true }));

const EVAL = ["eval", "countdown", "--limit", "1", "--no-controls", "--quiet"];

beforeAll(async () => {
  await promisify(execFile)(process.execPath, [bin, ...EVAL, "--out", "run"], { cwd: made });
  const db = new Database(join(made, "run/run.db"));
  db.exec("UPDATE run SET status = 'stopped'");
  db.close();
});

/** A run of what comes with rrr, stopped: resuming it asks nothing and writes every file. */
function stoppedRun(cwd: string): string {
  const folder = join(cwd, "runs/bad");
  cpSync(join(made, "run"), folder, { recursive: true });
  return folder;
}

/** What lies outside of the run's folder, and must be there as it was. */
function outside(): { readonly folder: string; readonly check: () => void } {
  const folder = project({
    "precious.txt": "precious",
    "home/.ssh/id": "key",
    "home/.step-000001.tmp-1/x": "x",
  });
  return {
    folder,
    check() {
      expect(readdirSync(folder).sort()).toEqual(["home", "precious.txt"]);
      expect(readFileSync(join(folder, "precious.txt"), "utf8")).toBe("precious");
      expect(readdirSync(join(folder, "home")).sort()).toEqual([".ssh", ".step-000001.tmp-1"]);
      expect(existsSync(join(folder, "home/.ssh/id"))).toBe(true);
    },
  };
}

test.each([
  ["result.json", "precious.txt"],
  ["report.txt", "precious.txt"],
  ["report.txt", "not-there.txt"],
  ["checkpoints", "home"],
  ["run.db-wal", "precious.txt"],
  ["run.db-journal", "precious.txt"],
  ["run.db-shm", "precious.txt"],
  [".lock", "precious.txt"],
  [".lock", "not-there.txt"],
  [".lock-journal", "precious.txt"],
])("resume writes nothing through %s, a link to %s outside", async (name, target) => {
  const cwd = project({});
  const folder = stoppedRun(cwd);
  const { folder: elsewhere, check } = outside();
  rmSync(join(folder, name), { force: true });
  symlinkSync(join(elsewhere, target), join(folder, name));
  for (const args of [["resume", "runs/bad"], ["runs"], ["runs", "--prune", "--yes", "--older-than", "1s"]]) {
    const { code, stderr } = await runCli(cwd, args);
    if (args[0] === "resume") {
      expect(stderr).toMatch(/^rrr: [^\n]+ is a link; nothing was read or written \[bad-run\]\. [^\n]+\n$/);
      expect(code).toBe(1);
    }
    check();
  }
});

test("a run.db that is a link or a pipe is named, and the other runs are listed", async () => {
  const cwd = project({});
  const folder = stoppedRun(cwd);
  const other = join(cwd, "other.db");
  renameSync(join(folder, "run.db"), other);
  symlinkSync(other, join(folder, "run.db"));
  mkdirSync(join(cwd, "runs/pipe"));
  execFileSync("mkfifo", [join(cwd, "runs/pipe/run.db")]);
  mkdirSync(join(cwd, "runs/folder/run.db"), { recursive: true });
  expect((await runCli(cwd, [...EVAL, "--out", "runs/good"])).code).toBe(0);
  const { code, stdout } = await runCli(cwd, ["runs", "--json"]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject([
    { name: "good", status: "finished" },
    { name: "pipe", error: expect.stringContaining("is no file") },
    { name: "folder", error: expect.stringContaining("is no file") },
    { name: "bad", error: expect.stringContaining("is a link") },
  ]);
  expect(readdirSync(cwd).sort()).toEqual(["other.db", "runs"]);
});

test("an export never writes through a link", async () => {
  const cwd = project({});
  stoppedRun(cwd);
  const { folder: elsewhere, check } = outside();
  for (const target of ["precious.txt", "not-there.txt"]) {
    rmSync(join(cwd, "out.jsonl"), { force: true });
    symlinkSync(join(elsewhere, target), join(cwd, "out.jsonl"));
    const { code } = await runCli(cwd, ["export", "runs/bad", "--out", "out.jsonl"]);
    expect(code).not.toBe(0);
    check();
  }
});
