/**
 * `pnpm bench:kills [--kills <n>] [--training-kills <n>] [--adapter-kills <n>] [--json]`: evaluations of a hosted model, and
 * runs that train a small one, or an adapter of it, that are killed with SIGKILL at random moments and resumed, until they
 * are finished. After each kill the
 * store must open, pass SQLite's own check and hold everything that a reader had seen in it and every step that was
 * announced, each step with all its episodes; at the end each run must have come to the result of one that was never
 * killed, to the last byte, and to its checkpoints.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as after } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createRandom } from "@rrr/core";
import { hasBegun, isSound, type Look, look, lostSince } from "./kills/look.ts";
import { adapterWorld, evaluationWorld, trainingWorld, type World } from "./kills/worlds.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "1000" },
    "training-kills": { type: "string", default: "100" },
    "adapter-kills": { type: "string", default: "100" },
    json: { type: "boolean", default: false },
  },
});
const [wanted, wantedInTraining, wantedOfAdapters] = [
  countOf("kills"),
  countOf("training-kills"),
  countOf("adapter-kills"),
];

function countOf(name: "kills" | "training-kills" | "adapter-kills"): number {
  const count = Number(values[name]);
  if (!Number.isSafeInteger(count) || count < 0) throw new Error(`--${name} must be a whole number ≥ 0`);
  return count;
}

const bin = fileURLToPath(new URL("../packages/cli/bin/rrr.js", import.meta.url));
const random = createRandom(1);
const TRIES = 25;

interface Counts {
  kills: number;
  runs: number;
  unreadable: number;
  lost: number;
  repeated: number;
  torn: number;
  different: number;
  refused: number;
  /** Kills by the stage that was the last to be announced. */
  readonly stages: Record<string, number>;
}

/** A process and what it has said so far. */
interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<unknown>;
  readonly stages: string[];
  readonly steps: number[];
  stderr: string;
}

function start(cwd: string, args: readonly string[]): Running {
  const child = spawn(process.execPath, [bin, ...args, "--json"], { cwd, stdio: ["ignore", "pipe", "pipe"] });
  const running: Running = { child, ended: once(child, "close"), stages: [], steps: [], stderr: "" };
  createInterface({ input: child.stdout }).on("line", (line) => {
    const event = lineOf(line);
    if (event?.kind === "stage" && event.stage !== undefined) running.stages.push(event.stage);
    if (event?.kind === "step" && event.step !== undefined) running.steps.push(event.step);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    running.stderr += text;
  });
  return running;
}

function lineOf(
  text: string,
): { readonly kind: string; readonly stage?: string; readonly step?: number } | undefined {
  try {
    return JSON.parse(text);
  } catch {
    // A line that the kill cut off.
    return undefined;
  }
}

const next = (cwd: string, { command }: World, run: string): readonly string[] =>
  hasBegun(join(cwd, run)) ? ["resume", run] : [...command, "--out", run];

async function finish(cwd: string, args: readonly string[], counts: Counts): Promise<void> {
  const { child, ended, ...said } = start(cwd, args);
  await ended;
  if (child.exitCode === 0) return;
  counts.refused++;
  console.error(said.stderr);
}

function check(folder: string, seen: Look, { steps }: Running, world: World, counts: Counts): void {
  try {
    if (!isSound(folder)) counts.unreadable++;
    const now = look(folder, world.episodesPerStep);
    const { found, repeated, torn } = now;
    counts.lost += lostSince(seen, now).length + resumedFromNothing(folder, now);
    for (const step of steps) if (!found.has(`step ${step}`)) counts.lost++;
    counts.repeated += repeated;
    counts.torn += torn;
  } catch (error) {
    console.error(error);
    counts.unreadable++;
  }
}

/** Whether the last checkpoint that training resumed from is nowhere: neither it, nor one after it. */
function resumedFromNothing(folder: string, { resumedFrom }: Look): 0 | 1 {
  const last = resumedFrom.at(-1) ?? 0;
  const checkpoints = join(folder, "checkpoints");
  const names = existsSync(checkpoints) ? readdirSync(checkpoints) : [];
  return last === 0 || names.some((name) => Number(/^step-(\d+)$/.exec(name)?.[1]) >= last) ? 0 : 1;
}

/** What a run has come to: its result, and its checkpoints with what they hold. */
function endOf(folder: string): string {
  const result = join(folder, "result.json");
  if (!existsSync(result)) return "nothing";
  const checkpoints = join(folder, "checkpoints");
  const found = existsSync(checkpoints)
    ? readdirSync(checkpoints, { recursive: true, withFileTypes: true })
    : [];
  const files = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const hashed = files
    .sort()
    // The manifest has the key of the run.
    .filter((path) => !path.endsWith("trainer.json"))
    .map(
      (path) => `${relative(folder, path)} ${createHash("sha256").update(readFileSync(path)).digest("hex")}`,
    );
  return [readFileSync(result, "utf8"), ...hashed].join("\n");
}

/** The lines that only one of two ends has. */
function difference(whole: string, end: string): string {
  const [expected, found] = [whole.split("\n"), end.split("\n")];
  return [
    ...expected.filter((line) => !found.includes(line)).map((line) => `- ${line}`),
    ...found.filter((line) => !expected.includes(line)).map((line) => `+ ${line}`),
  ].join("\n");
}

/** Waits for a random moment: in one of five cases while a process starts, else some time after a stage began. */
async function someMoment({ ended, stages }: Running, { stages: most, stageMs }: World): Promise<void> {
  const over = ended.then(() => true);
  if (random.int(5) === 0) {
    await Promise.race([over, after(random.int(1_000))]);
    return;
  }
  const wanted = 1 + random.int(most);
  const deadline = performance.now() + 10_000;
  while (stages.length < wanted && performance.now() < deadline) {
    if (await Promise.race([over, after(5)])) return;
  }
  await Promise.race([over, after(random.int(stageMs))]);
}

async function campaign(create: (cwd: string) => Promise<World>, kills: number): Promise<Counts> {
  const cwd = mkdtempSync(join(tmpdir(), "rrr-kills-"));
  process.env.RRR_STATE_DIR = join(cwd, "state");
  const counts: Counts = {
    ...{ kills: 0, runs: 0, unreadable: 0, lost: 0, repeated: 0, torn: 0, different: 0, refused: 0 },
    stages: {},
  };
  const world = await create(cwd);
  try {
    await finish(cwd, [...world.command, "--out", "whole"], counts);
    const whole = endOf(join(cwd, "whole"));
    while (counts.kills < kills) {
      const run = `run-${counts.runs++}`;
      const folder = join(cwd, run);
      for (let tries = 0; counts.kills < kills && tries < TRIES; tries++) {
        const running = start(cwd, next(cwd, world, run));
        await someMoment(running, world);
        const seen = look(folder, world.episodesPerStep);
        if (running.child.exitCode !== null) break;
        await after(random.int(30));
        running.child.kill("SIGKILL");
        await running.ended;
        counts.kills++;
        const stage = running.stages.at(-1) ?? "none";
        counts.stages[stage] = (counts.stages[stage] ?? 0) + 1;
        if (seen.found.size > 0) check(folder, seen, running, world, counts);
      }
      if (!existsSync(join(folder, "result.json"))) await finish(cwd, next(cwd, world, run), counts);
      const end = endOf(folder);
      if (end !== whole) {
        counts.different++;
        console.error(`${run}, which was killed, has come to something else:\n${difference(whole, end)}`);
      }
      rmSync(folder, { recursive: true, force: true });
      if (!values.json) console.log(JSON.stringify(counts));
    }
    return counts;
  } finally {
    await world.close();
    rmSync(cwd, { recursive: true, force: true });
  }
}

const evaluation = await campaign(evaluationWorld, wanted);
const training = await campaign(trainingWorld, wantedInTraining);
const adapter = await campaign(adapterWorld, wantedOfAdapters);
if (values.json) console.log(JSON.stringify({ evaluation, training, adapter }));
for (const { unreadable, lost, repeated, torn, different, refused } of [evaluation, training, adapter]) {
  if (unreadable + lost + repeated + torn + different + refused > 0) process.exitCode = 1;
}
