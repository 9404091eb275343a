/**
 * `pnpm try:real-model <folder or GGUF> [--python <python>] [--steps <n>] [--keep]`: whether rrr can do with a real model
 * what it says. Loads it, compares it with Hugging Face transformers, trains an adapter of rank 16 beside it, does so once
 * more with a kill in the middle, exports the model and the adapter, and loads both in Python. Fails where the two runs
 * differ by a bit, where Python computes another model, or where training takes more memory than `--memory`.
 *
 * The comparisons, and GGUF files, need a Python with torch, transformers, peft and gguf; without one they are left out,
 * and that is said. Some 15 minutes on two cores for a model of 135 million weights.
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    python: { type: "string" },
    steps: { type: "string", default: "3" },
    memory: { type: "string", default: "6" },
    keep: { type: "boolean", default: false },
  },
});
const [given] = positionals;
if (given === undefined) throw new Error("usage: pnpm try:real-model <folder or GGUF> [--python <python>]");
const { python } = values;
const mostGB = Number(values.memory);

const root = fileURLToPath(new URL("..", import.meta.url));
const own = (name: string): string => join(root, "benchmarks/real-model", name);
const work = mkdtempSync(join(tmpdir(), "rrr-real-model-"));
process.env.RRR_STATE_DIR = join(work, "state");
let failed = 0;

function say(what: string, isGood: boolean | undefined, told: string): void {
  if (isGood === false) failed++;
  console.log(`${isGood === undefined ? "  – " : isGood ? " ok " : "BAD "} ${what}: ${told}`);
}

interface Ended {
  readonly code: number | null;
  readonly killed: boolean;
  readonly seconds: number;
  /** Undefined where the system does not tell. */
  readonly peakGB: number | undefined;
}

/** Runs `rrr`; a kill comes with the first step of training that is at least `killAt`. */
async function rrr(args: readonly string[], killAt = Number.POSITIVE_INFINITY): Promise<Ended> {
  const bin = join(root, "packages/cli/bin/rrr.js");
  const started = performance.now();
  const child = spawn(process.execPath, ["--import", "tsx", bin, ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let peakGB: number | undefined;
  const watching = setInterval(() => {
    peakGB = peakOf(child.pid) ?? peakGB;
  }, 200);
  let killed = false;
  createInterface({ input: child.stdout }).on("line", (line) => {
    const event = line.startsWith("{") ? JSON.parse(line) : {};
    if (event.kind !== "step" || event.step < killAt || killed) return;
    killed = true;
    child.kill("SIGKILL");
  });
  await once(child, "close");
  clearInterval(watching);
  return { code: child.exitCode, killed, seconds: (performance.now() - started) / 1000, peakGB };
}

function peakOf(pid: number | undefined): number | undefined {
  try {
    const [, kB] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return kB === undefined ? undefined : Number(kB) / 2 ** 20;
  } catch {
    return undefined;
  }
}

/** @returns what the script printed, undefined if it failed or there is no Python */
function inPython(script: string, ...args: readonly string[]): string | undefined {
  if (python === undefined) return undefined;
  const { status, stdout, stderr } = spawnSync(python, [own(script), ...args], {
    encoding: "utf8",
    env: { ...process.env, HF_HUB_OFFLINE: "1" },
  });
  if (status === 0) return stdout;
  console.error(stderr.slice(-2_000));
  return undefined;
}

/** Asks transformers about `there`, and the embedded engine about `here`: both must be one model. */
function compare(what: string, here: string, there: readonly string[]): void {
  if (python === undefined) {
    say(what, undefined, "not compared, no --python");
    return;
  }
  const file = join(work, "reference.json");
  const [folder = "", ...rest] = there;
  if (inPython("reference.py", folder, file, ...rest) === undefined) {
    say(what, false, "Python cannot load it");
    return;
  }
  const { status, stdout } = spawnSync(
    process.execPath,
    ["--import", "tsx", own("agreement.ts"), here, file],
    { cwd: root, encoding: "utf8" },
  );
  const lines = stdout.split("\n").filter((line) => line !== "" && !line.startsWith(" "));
  say(what, status === 0, lines.join("; "));
}

/** SHA-256 of each file of a checkpoint, but for the manifest, which has the plan's key. */
function hashes(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return paths
    .map(
      (path) => `${relative(folder, path)} ${createHash("sha256").update(readFileSync(path)).digest("hex")}`,
    )
    .join("\n");
}

function checkpointOf(run: string): string {
  const folder = join(run, "checkpoints");
  return join(folder, readdirSync(folder).sort().at(-1) ?? "");
}

function folderOf(path: string): string {
  if (!path.endsWith(".gguf")) return path;
  const folder = join(work, "model");
  if (python === undefined) throw new Error("a GGUF file is made a folder in Python: give one with --python");
  if (inPython("make-folder.py", folder, path) === undefined) throw new Error(`${path} cannot be read`);
  return folder;
}

const training = (model: string, out: string): readonly string[] => [
  ...["run", own("people-task.ts"), "--isolate", "none", "--model", model, "--lora", "16", "--out", out],
  ...["--steps", values.steps, "--failures-per-step", "8", "--group-size", "8", "--checkpoint-every", "1"],
  ...["--keep-best", "0", "--limit", "8", "--retry-layout", "note", "--force", "--quiet", "--json"],
];

try {
  const model = folderOf(resolve(given));
  compare("the model", model, [model]);

  const whole = join(work, "whole");
  const run = await rrr(training(model, whole));
  const peak = run.peakGB === undefined ? "not measured" : `${run.peakGB.toFixed(2)} GiB at most`;
  const fits = run.peakGB === undefined || run.peakGB <= mostGB;
  const told = `${values.steps} steps, ${run.seconds.toFixed(0)} s, memory ${peak}`;
  say("training an adapter", run.code === 0 && fits, told);

  const cut = join(work, "cut");
  const first = await rrr(training(model, cut), Math.ceil(Number(values.steps) / 2));
  const second = await rrr(["resume", cut, "--quiet", "--json"]);
  const isSame =
    readFileSync(join(whole, "result.json"), "utf8") === readFileSync(join(cut, "result.json"), "utf8") &&
    hashes(join(checkpointOf(whole), "state")) === hashes(join(checkpointOf(cut), "state"));
  const ends = `${first.killed ? "killed" : "NOT killed"}, resumed with exit code ${second.code}`;
  say(
    "a kill and a resume",
    first.killed && second.code === 0 && isSame,
    `${ends}, ${isSame ? "the same" : "OTHER"} bits`,
  );

  for (const format of ["model", "adapter"]) {
    const out = join(work, format);
    const { code } = await rrr(["export-model", whole, "--format", format, "--out", out]);
    if (code !== 0) say(`export of the ${format}`, false, `exit code ${code}`);
    else compare(`export of the ${format}`, checkpointOf(whole), format === "model" ? [out] : [model, out]);
  }
} finally {
  if (values.keep) console.log(work);
  else rmSync(work, { recursive: true, force: true });
}
if (failed > 0) process.exitCode = 1;
