/**
 * The page of `rrr view` on large stores: how long until there is something to see, what filters and searches take, and what
 * the server holds. Asked over HTTP, as the page asks; the server is the built command in a process of its own.
 *
 *   pnpm bench:view                       100,000 episodes, 1,500 runs
 *   pnpm bench:view --episodes 1000000    a larger store
 *   pnpm bench:view --episodes 0          the runs alone
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { fillRun, storeRuns } from "./view/stores.ts";

const { values } = parseArgs({
  options: {
    episodes: { type: "string", default: "100000" },
    runs: { type: "string", default: "1500" },
  },
});
const [episodes, runs] = [Number(values.episodes), Number(values.runs)];
const bin = fileURLToPath(new URL("../packages/cli/bin/rrr.js", import.meta.url));
const cwd = mkdtempSync(join(tmpdir(), "rrr-bench-view-"));

interface View {
  readonly child: ChildProcess;
  get(path: string): Promise<Measured>;
  rssMB(): number;
}

interface Measured {
  readonly ms: number;
  readonly kB: number;
  readonly answer: Record<string, unknown>;
}

/** Starts the command, and waits until it says its address. */
async function startView(folder: string): Promise<View> {
  const child = spawn(process.execPath, [bin, "view", "--port", "0", "--json"], {
    cwd: folder,
    env: { ...process.env, RRR_CACHE_DIR: join(folder, "cache") },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [line] = (await once(child.stdout as NonNullable<typeof child.stdout>, "data")) as [Buffer];
  const { url, token } = JSON.parse(String(line)) as { readonly url: string; readonly token: string };
  return {
    child,
    async get(path) {
      const started = performance.now();
      const response = await fetch(url + path, { headers: { "x-rrr-token": token } });
      const text = await response.text();
      const ms = performance.now() - started;
      if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
      return { ms, kB: text.length / 1000, answer: JSON.parse(text) as Record<string, unknown> };
    },
    rssMB() {
      const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
    },
  };
}

function tell(what: string, { ms, kB }: Measured, more = ""): void {
  console.log(`${what.padEnd(44)} ${ms.toFixed(0).padStart(7)} ms  ${kB.toFixed(0).padStart(6)} kB  ${more}`);
}

async function largeStore(): Promise<void> {
  const folder = join(cwd, "large");
  mkdirSync(folder);
  const started = performance.now();
  const bytes = fillRun(join(folder, "runs", "large"), episodes);
  console.log(
    `a run of ${episodes.toLocaleString("en")} episodes, ${(bytes / 1e6).toFixed(0)} MB, written in ` +
      `${((performance.now() - started) / 1000).toFixed(0)} s`,
  );
  const view = await startView(folder);
  const list = await view.get("/api/runs");
  tell("list of runs", list);
  const [{ id }] = list.answer.runs as [{ id: string }];
  const at = `/api/runs/${id}`;
  const first = await view.get(`${at}/episodes`);
  tell("first page of episodes, no index yet", first, `${first.answer.indexed} indexed`);
  const made = performance.now();
  let most = view.rssMB();
  for (let isComplete = false; !isComplete; ) {
    await new Promise((later) => setTimeout(later, 1_000));
    const { answer, ms } = await view.get(`${at}/episodes?limit=1`);
    isComplete = answer.isComplete === true;
    most = Math.max(most, view.rssMB());
    if (ms > 1_000) console.log(`  a page took ${ms.toFixed(0)} ms while the index was made`);
  }
  console.log(
    `index made in ${((performance.now() - made) / 1000).toFixed(0)} s, server at most ${most.toFixed(0)} MB`,
  );
  for (const [what, query] of [
    ["first page", "limit=100"],
    ["filter: path", "path=fail-pass"],
    ["filter: reason and cut off", "code=wrong-value&cut=yes"],
    ["filter: step", "stage=train&step=50"],
    ["search: a rare word", "text=needle77"],
    ["search: a word in every text", "text=the"],
    ["search: two words and a filter", "text=reflect+numbers&path=fail-fail"],
    ["order: highest advantage", "order=advantage"],
    ["order: most tokens, newest page after", "order=tokens&stage=train"],
  ] as const) {
    const times: Measured[] = [];
    for (let i = 0; i < 5; i++) times.push(await view.get(`${at}/episodes?${query}`));
    const sorted = times.toSorted((a, b) => a.ms - b.ms);
    tell(
      what,
      sorted[2] as Measured,
      `of 5, worst ${sorted.at(-1)?.ms.toFixed(0)} ms; ${times[0]?.answer.total} found`,
    );
  }
  tell("counts for the filters", await view.get(`${at}/counts`));
  tell("an episode of a group", await view.get(`${at}/episodes/${episodes - 3}`));
  tell("the result and its table", await view.get(`${at}/result`));
  tell("curves", await view.get(`${at}/curves`));
  tell("the run", await view.get(at));
  console.log(`server after all of it: ${view.rssMB().toFixed(0)} MB`);
  view.child.kill();
  await once(view.child, "exit");
  const again = await startView(folder);
  await again.get("/api/runs");
  tell("first page, with the index of before", await again.get(`${at}/episodes`));
  again.child.kill();
}

async function manyRuns(): Promise<void> {
  const folder = join(cwd, "many");
  mkdirSync(folder);
  storeRuns(folder, runs);
  const view = await startView(folder);
  const started = performance.now();
  const first = await view.get("/api/runs");
  tell(`list of ${runs} runs, first answer`, first, `${first.answer.pending} still to be read`);
  let { pending } = first.answer as { pending: number };
  while (pending > 0) ({ pending } = (await view.get("/api/runs")).answer as { pending: number });
  console.log(
    `all of them after ${(performance.now() - started).toFixed(0)} ms, server ${view.rssMB().toFixed(0)} MB`,
  );
  tell("the same again", await view.get("/api/runs"));
  view.child.kill();
  await once(view.child, "exit");
  const again = await startView(folder);
  const next = await again.get("/api/runs");
  tell("the same by another command", next, `${next.answer.pending} still to be read`);
  again.child.kill();
}

try {
  console.log(`load of the machine: ${loadavg()[0]?.toFixed(1)}`);
  if (episodes > 0) await largeStore();
  await manyRuns();
} finally {
  rmSync(cwd, { recursive: true, force: true });
}
