/**
 * `pnpm bench:kills [--kills <n>] [--json]`: evaluations of a hosted model that are killed with SIGKILL at random
 * moments and gone on with, until they are finished. After each kill the store must open, pass SQLite's own check and
 * hold everything that a reader had seen in it before; at the end each run must have come to the result of one that
 * was never killed, to the last byte.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createRandom, deriveKey } from "@rrr/core";
import { createFaultServer } from "@rrr/models/testing";
import Database from "libsql";

const { values } = parseArgs({
  options: { kills: { type: "string", default: "1000" }, json: { type: "boolean", default: false } },
});
const wanted = Number(values.kills);
if (!Number.isSafeInteger(wanted) || wanted < 1) throw new Error(`--kills must be a whole number ≥ 1`);

const bin = fileURLToPath(new URL("../packages/cli/bin/rrr.js", import.meta.url));
const cwd = mkdtempSync(join(tmpdir(), "rrr-kills-"));
const random = createRandom(1);
/** Long enough for some tens of problems in the life of a process. */
const LATENCY_MS = 10;

writeFileSync(
  join(cwd, "parity.mjs"),
  `export default {
  spec: "rrr/task@1",
  name: "parity",
  schema: { "~standard": { version: 1, vendor: "bench", validate: (value) => ({ value }) } },
  *items(split) { for (let n = split === "test" ? 1 : 0; ; n += 2) yield { n }; },
  prompt: ({ n }) => [{ role: "user", content: "An even number above " + n + "?" }],
  reflect: () => "That was wrong. Why?",
  limits: { attempt: 8, reflection: 8 },
  verify: (_, completion) => (Number(completion) % 2 === 0 ? { kind: "pass" } : { kind: "fail", code: "odd" }),
};`,
);

const server = await createFaultServer({
  plan: () => undefined,
  async answer({ messages, seed }) {
    await after(LATENCY_MS);
    const content = String(deriveKey(Number(seed), JSON.stringify(messages)) % 1_000);
    return {
      object: "chat.completion",
      choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
      usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
    };
  },
});

const flags = ["--model", "openai:parity", "--base-url", server.url, "--no-cache", "--isolate", "none"];
const size = ["--limit", "1500", "--concurrency", "64"];
const begin = (out: string) => ["eval", "./parity.mjs", ...flags, ...size, "--quiet", "--out", out];

function start(args: readonly string[]) {
  return spawn(process.execPath, [bin, ...args], { cwd, stdio: ["ignore", "ignore", "pipe"] });
}

/** Whether there is anything to go on with: a process may die before it has written what it is to do. */
function hasBegun(run: string): boolean {
  if (!existsSync(join(cwd, run, "run.db"))) return false;
  const db = new Database(join(cwd, run, "run.db"), { readonly: true });
  const table = db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'run'").get();
  db.close();
  if (table === undefined) rmSync(join(cwd, run), { recursive: true });
  return table !== undefined;
}

/** What the store holds: each episode with a digest of its texts. */
function look(run: string): ReadonlyMap<string, string> {
  if (!existsSync(join(cwd, run, "run.db"))) return new Map();
  const db = new Database(join(cwd, run, "run.db"), { readonly: true });
  try {
    if (db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'run'").get() === undefined) return new Map();
    const rows = db
      .prepare(
        `SELECT stage || ' ' || problem || ' ' || member AS place, kind || ' ' || item || ' ' ||
           (SELECT group_concat(role || text) FROM (SELECT role, text FROM turn WHERE episode = e.id
              AND role IN ('attempt', 'reflection', 'retry') ORDER BY position)) AS texts
         FROM episode e`,
      )
      .all() as { readonly place: string; readonly texts: string }[];
    if (new Set(rows.map(({ place }) => place)).size !== rows.length) counts.repeated++;
    return new Map(rows.map(({ place, texts }) => [place, texts]));
  } finally {
    db.close();
  }
}

function check(run: string, seen: ReadonlyMap<string, string>): void {
  try {
    const db = new Database(join(cwd, run, "run.db"), { readonly: true });
    const { integrity_check: verdict } = db.prepare("PRAGMA integrity_check").get() as {
      integrity_check: string;
    };
    db.close();
    if (verdict !== "ok") counts.unreadable++;
    const now = look(run);
    for (const [place, texts] of seen) if (now.get(place) !== texts) counts.lost++;
  } catch {
    counts.unreadable++;
  }
}

const counts = { kills: 0, runs: 0, unreadable: 0, lost: 0, repeated: 0, different: 0, refused: 0 };

async function finish(args: readonly string[]): Promise<void> {
  const child = start(args);
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const [code] = await once(child, "close");
  if (code !== 0) {
    counts.refused++;
    console.error(stderr);
  }
}

try {
  await finish(begin("whole"));
  const whole = readFileSync(join(cwd, "whole/result.json"), "utf8");
  while (counts.kills < wanted) {
    const run = `run-${counts.runs++}`;
    for (let tries = 0; counts.kills < wanted && tries < 25; tries++) {
      const child = start(hasBegun(run) ? ["resume", run, "--quiet"] : begin(run));
      const ended = once(child, "close");
      // Some die while they start, some in the middle of a write, some after the last one.
      await Promise.race([ended, after(250 + random.int(1_200))]);
      const seen = look(run);
      if (child.exitCode !== null) break;
      await after(random.int(30));
      child.kill("SIGKILL");
      await ended;
      counts.kills++;
      if (seen.size > 0) check(run, seen);
    }
    if (!existsSync(join(cwd, run, "result.json"))) {
      await finish(hasBegun(run) ? ["resume", run, "--quiet"] : begin(run));
    }
    const result = join(cwd, run, "result.json");
    if (!existsSync(result) || readFileSync(result, "utf8") !== whole) counts.different++;
    rmSync(join(cwd, run), { recursive: true, force: true });
    if (!values.json) console.log(JSON.stringify(counts));
  }
  if (values.json) console.log(JSON.stringify(counts));
} finally {
  await server.close();
  rmSync(cwd, { recursive: true, force: true });
}
const { unreadable, lost, repeated, different, refused } = counts;
if (unreadable + lost + repeated + different + refused > 0) process.exitCode = 1;
