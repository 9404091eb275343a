/** Whole runs of the built command: real engine, real training, a very small model. */
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { TRAIN_SETTINGS } from "@rrr/trainer";
import Database from "libsql";
import { expect, test, vi } from "vitest";
import { idleProcessMs, runCli, startCli } from "./run-cli.ts";
import { smallWorld } from "./small-world.ts";

// Seconds on two idle cores; on a busy machine the engine's threads wait for each other.
vi.setConfig({ testTimeout: 300_000 });

const RUN = ["run", "./chance.mjs", "--model", "model", "--limit", "12"];

const { failuresPerStep, groupSize } = TRAIN_SETTINGS.builtin;

test("a run leaves what it says, and the same seed gives the same table and result", async () => {
  const cwd = await smallWorld();
  const first = await runCli(cwd, [...RUN, "--steps", "2", "--out", "one"]);
  expect(first.code).toBe(0);
  expect(first.stdout).toMatch(/^chance · model model · 12 held-out problems · seed 0 · 2 steps\n/);
  for (const row of [
    "first try",
    "after reflection",
    "blind retry",
    "another's reflection",
    "pass@2",
    "greedy",
  ]) {
    expect(first.stdout).toContain(row);
  }
  expect(first.stderr).toContain("train: 2/2 steps");
  expect(first.stderr).toContain("Everything is kept in one");
  const list = (folder: string) => readdirSync(join(cwd, folder)).sort();
  expect(list("one")).toEqual(["checkpoints", "report.txt", "result.json", "run.db"]);
  expect(list("one/checkpoints")).toEqual(["step-000000", "step-000002"]);
  expect(list("one/checkpoints/step-000002")).toEqual(
    expect.arrayContaining(["config.json", "tokenizer.json", "model.safetensors"]),
  );

  const second = await runCli(cwd, [...RUN, "--steps", "2", "--out", "two", "--quiet"]);
  expect(second).toEqual({ code: 0, stdout: first.stdout, stderr: "" });
  const result = (run: string) => readFileSync(join(cwd, run, "result.json"), "utf8");
  expect(result("two")).toBe(result("one"));

  const db = new Database(join(cwd, "one/run.db"), { readonly: true });
  const count = (sql: string) => (db.prepare(`SELECT count(*) AS n FROM ${sql}`).get() as { n: number }).n;
  expect(count("step")).toBe(2);
  expect(count("episode WHERE stage = 'before' AND part = 'episodes'")).toBe(12);
  expect(count("episode WHERE stage = 'train'")).toBe(2 * failuresPerStep * groupSize);
  expect(count("evaluation WHERE stage = 'after'")).toBe(9);
  expect(db.prepare("SELECT status FROM run").get()).toMatchObject({ status: "finished" });
  db.close();

  const trained = ["--no-train", "--model", "one/checkpoints/step-000002", "--out", "three"];
  const again = await runCli(cwd, [...RUN, ...trained]);
  expect(again.code).toBe(0);
  const { before } = JSON.parse(result("three"));
  expect(before.rates).toEqual(JSON.parse(result("one")).after.rates);
});

test("random rewards and a faulty verifier are named in the report; the run goes on", async () => {
  const flags = [
    "--steps",
    "1",
    "--reward",
    "random",
    "--preset",
    "faulty",
    "--json",
    "--max-errored",
    "100",
  ];
  const { code, stdout, stderr } = await runCli(await smallWorld(), [...RUN, ...flags]);
  expect(code).toBe(0);
  // One object a line on standard output, the rest on standard error.
  const events = toEvents(stdout);
  const kinds = events.map(({ kind }) => kind).filter((kind) => kind !== "progress");
  expect(kinds).toEqual([
    // The look: its attempts of four tokens are cut off.
    ...["run", "stage", "evaluation", "stage", "failures", "stage", "look", "step", "checkpoint"],
    ...["stage", "evaluation", "result"],
  ]);
  expect(events).toContainEqual(
    expect.objectContaining({ kind: "progress", stage: "before", part: "episodes" }),
  );
  expect(events.at(-1)).toMatchObject({ task: "chance", seed: 0, steps: 1, reward: "random" });
  expect(stderr).toContain("RANDOM rewards");
  expect(stderr).toMatch(/errored problems +[1-9]/);
  expect(stderr).toMatch(/[1-9] of 12 problems errored/);
});

const STAGES = [
  ["SIGINT", "training", [], '"step":1,', "stopped in training; every finished step is kept"],
  [
    "SIGTERM",
    "the first evaluation",
    ["--limit", "500"],
    "before: episodes",
    "stopped in the evaluation before training; every finished problem is kept",
  ],
  [
    "SIGINT",
    "mining",
    ["--failures", "2000", "--limit", "4"],
    '"stage":"mine"',
    "stopped while failures were collected; every finished problem is kept",
  ],
] as const;

// The second is ours; that the machine is starved at the wrong moment is not: hence the retries.
test.each(STAGES)(
  "%s in %s: ends within a second, keeps what was finished, says where",
  { retry: 2 },
  async (signal, _, flags, moment, said) => {
    const cwd = await smallWorld();
    const {
      process: child,
      seen,
      ended,
    } = startCli(cwd, [...RUN, ...flags, "--steps", "40", "--json", "--out", "run"]);
    await seen(moment);
    const started = performance.now();
    child.kill(signal);
    const { code, stdout, stderr } = await ended;
    const elapsed = performance.now() - started;
    expect(elapsed).toBeLessThan(1_000 + (await idleProcessMs()));
    expect(code).toBe(130);
    expect(stderr).toContain(said);
    expect(stderr).toContain(join("run", "run.db"));
    const events = toEvents(stdout);
    expect(events.at(-1)).toMatchObject({ kind: "stopped" });
    const { steps, status } = look(cwd);
    expect(steps).toBeGreaterThanOrEqual(events.filter(({ kind }) => kind === "step").length);
    expect(status).toBe("stopped");
  },
);

test("killed in training, a run resumes from its checkpoint and comes to what it comes to without", async () => {
  const cwd = await smallWorld();
  const steps = ["--steps", "14"];
  await runCli(cwd, [...RUN, ...steps, "--out", "whole", "--quiet"]);
  const { process: child, seen, ended } = startCli(cwd, [...RUN, ...steps, "--json", "--out", "broken"]);
  // The checkpoint is of step 10: what came after it is done again.
  await seen('"step":12,');
  child.kill("SIGKILL");
  await ended;
  // As of a process that was killed in a save; the other is somebody's own.
  const leftovers = [".step-000010.tmp-1-0", ".mine"].map((name) => join(cwd, "broken", "checkpoints", name));
  for (const path of leftovers) mkdirSync(path);
  const again = await runCli(cwd, ["resume", "broken", "--json"]);
  expect(again.code).toBe(0);
  expect(leftovers.map((path) => existsSync(path))).toEqual([false, true]);
  const steppedAgain = toEvents(again.stdout).flatMap(({ kind, step }) => (kind === "step" ? [step] : []));
  expect(steppedAgain).toEqual([11, 12, 13, 14]);
  const result = (run: string) => readFileSync(join(cwd, run, "result.json"), "utf8");
  expect(result("broken")).toBe(result("whole"));
  const step = (run: string) => {
    const db = new Database(join(cwd, run, "run.db"), { readonly: true });
    const rows = db.prepare("SELECT step, pass_rate, loss, grad_norm FROM step ORDER BY step").all();
    const episodes = db.prepare("SELECT count(*) AS n FROM episode WHERE stage = 'train'").get();
    db.close();
    return { rows, n: (episodes as { n: number }).n };
  };
  expect(step("broken")).toEqual(step("whole"));
});

test("another engine by its path, with options of its own; what it cannot do is refused before there is a folder", async () => {
  const cwd = await smallWorld();
  const engine = fileURLToPath(new URL("../../../examples/engines/tiny.ts", import.meta.url));
  const flags = [...RUN, "--engine", engine, "--engine.seed", "3", "--steps", "1"];
  const { code, stdout } = await runCli(cwd, [...flags, "--limit", "4", "--json", "--out", "run"]);
  expect(code).toBe(0);
  const [begun] = toEvents(stdout);
  expect(begun).toMatchObject({ model: "model", spec: { engine: { name: engine, options: { seed: 3 } } } });
  const wrong = await runCli(cwd, [...flags, "--threads", "2", "--out", "wrong"]);
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('has no option "threads"') });
  expect(existsSync(join(cwd, "wrong"))).toBe(false);
});

test("settings of the trainer: in the header, in the spec, and refused by name", async () => {
  const cwd = await smallWorld();
  const chosen = ["--learning-rate", "0.01", "--group-size", "4", "--failures-per-step", "3", "--kl", "0.01"];
  const more = ["--normalization", "dr_grpo", "--clip", "0.1,0.3", "--updates", "2", "--schedule", "linear"];
  const flags = [...RUN, ...chosen, ...more, "--steps", "1", "--limit", "4"];
  const { code, stderr } = await runCli(cwd, [...flags, "--out", "run"]);
  expect(code).toBe(0);
  expect(stderr).toContain("each step  3 failures × 4 reflections");
  expect(stderr).toContain("loss       dr_grpo, clip 0.1, 0.3, KL 0.01, 2 updates a step");
  expect(stderr).toContain("learning rate 0.01 linear after 3 % warm-up");
  for (const [wrong, said] of [
    [["--normalization", "dr-grpo"], "Allowed choices are grpo, dapo, dr_grpo"],
    [["--settings", "small"], "Allowed choices are builtin, lora-small, paper"],
    [["--group-size", "1"], "It must be a whole number ≥ 2."],
    [["--clip", "0.1,0.2,0.3"], "It must be one number or two"],
    [["--warmup", "2"], "It must be a number from 0 to 1."],
  ] as const) {
    const refused = await runCli(cwd, [...RUN, ...wrong, "--out", "no"]);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining(said) });
  }
});

test("a reader of --json that leaves stops the run", async () => {
  const cwd = await smallWorld();
  const { process: child, seen, ended } = startCli(cwd, [...RUN, "--limit", "4", "--json", "--out", "run"]);
  await seen('"kind":"run"');
  child.stdout?.destroy();
  expect((await ended).code).toBe(1);
  expect(look(cwd).status).toBe("stopped");
});

function toEvents(stdout: string): readonly Readonly<Record<string, unknown>>[] {
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

function look(cwd: string): { readonly steps: number; readonly status: string } {
  const db = new Database(join(cwd, "run/run.db"), { readonly: true });
  const found = db.prepare("SELECT (SELECT count(*) FROM step) AS steps, status FROM run").get();
  db.close();
  return found as { steps: number; status: string };
}
