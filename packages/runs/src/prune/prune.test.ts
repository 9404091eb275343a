import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { RrrError } from "@rrr/core";
import { expect, onTestFinished, test } from "vitest";
import { project } from "../../../plugins/test/plugin-files.ts";
import { runHeader } from "../../test/run-header.ts";
import { writeCheckpoint } from "../../test/write-checkpoint.ts";
import { compareRuns } from "../read/compare-runs.ts";
import { findRuns } from "../read/find-runs.ts";
import { listRuns } from "../read/list-runs.ts";
import { openRunReader } from "../read/run-reader.ts";
import { runText } from "../report/run-text.ts";
import { toRunSpec } from "../spec/to-run-spec.ts";
import { createRunStore, reopenRunStore } from "../store/run-store.ts";
import type { RunStatus } from "../store/schema.ts";
import { applyPrune } from "./apply-prune.ts";
import { planPrune } from "./plan-prune.ts";

const DAY = 86_400_000;
/** Every run of these tests ended longer ago than 30 days. */
const later = (): number => Date.now() + 31 * DAY;

/** A run with one problem, and with checkpoints of 1,000 bytes each. @returns its store, which is open while it runs */
function run(cwd: string, name: string, status: RunStatus, steps: readonly number[] = [], model = "builtin") {
  const folder = join(cwd, "runs", name);
  mkdirSync(folder, { recursive: true });
  const spec = toRunSpec({ task: "./t.js", model, plan: { kind: "train" } }, cwd);
  const store = createRunStore(folder, { ...runHeader("t"), spec });
  const episode = {
    kind: "errored",
    item: 1,
    error: new RrrError("model-failed", "no answer"),
    turn: "attempt",
  } as const;
  store
    .record("evaluate")
    .add({ part: "episodes", problem: 0, sample: 0, episode, outcomes: {}, seconds: 0 });
  writeFileSync(join(folder, "report.txt"), "report");
  for (const step of steps) {
    const checkpoint = join(folder, "checkpoints", `step-${String(step).padStart(6, "0")}`);
    writeCheckpoint(checkpoint);
  }
  if (status === "running") onTestFinished(() => store.close());
  else {
    store.end(status);
    store.close();
  }
  return folder;
}

const checkpointsIn = (folder: string): readonly string[] => readdirSync(join(folder, "checkpoints"));
const planned = (cwd: string, settings = {}) =>
  planPrune(cwd, settings).remove.map(({ kind, run, path }) => [kind, run, path.split("/").at(-1)]);

test("by default the older checkpoints of finished runs go, and what a killed save left; the run is as good as before", () => {
  const cwd = project({});
  const folder = run(cwd, "a", "finished", [90, 100, 1_000_000]);
  mkdirSync(join(folder, "checkpoints", ".step-000080.tmp-1-0"));
  mkdirSync(join(folder, "checkpoints", "best"));
  run(cwd, "stopped", "stopped", [10, 20]);
  run(cwd, "failed", "failed", [10, 20]);
  const plan = planPrune(cwd);
  expect(plan.remove.map(({ path, bytes }) => [path, bytes])).toEqual([
    [join(folder, "checkpoints/.step-000080.tmp-1-0"), 0],
    [join(folder, "checkpoints/step-000090"), 1_000],
    [join(folder, "checkpoints/step-000100"), 1_000],
  ]);
  expect(plan).toMatchObject({ bytes: 2_000, left: [] });
  expect(checkpointsIn(folder)).toHaveLength(5);
  expect(applyPrune(plan)).toEqual({ removed: plan.remove, bytes: 2_000, left: [] });
  expect(checkpointsIn(folder)).toEqual(["best", "step-1000000"]);
  expect(readdirSync(folder).toSorted()).toEqual(["checkpoints", "report.txt", "run.db"]);
  const reader = openRunReader(folder);
  expect(runText(reader)).toContain("status   finished");
  reader.close();
  expect(compareRuns("a", "stopped", cwd).problems).toBe(1);
  expect(listRuns(cwd)).toMatchObject([
    { errored: 1 },
    { errored: 1 },
    { errored: 1, bytes: expect.any(Number) },
  ]);
  expect(planPrune(cwd).remove).toEqual([]);
});

test("what killed saves left goes of runs that are not finished, too, and nothing that looks alike", () => {
  const cwd = project({});
  const folder = run(cwd, "a", "stopped", [10, 20]);
  const busy = run(cwd, "busy", "running", [10]);
  const checkpoints = join(folder, "checkpoints");
  const mine = ["best", ".step-000030.tmp-mine", ".step-30.tmp-1-0", ".step-000030.tmp-1-0.bak", ".notes"];
  const nested = "..step-000030.tmp-812-0.tmp-812-1";
  for (const name of [nested, ".step-000030.tmp-812-0", ...mine]) mkdirSync(join(checkpoints, name));
  writeFileSync(join(checkpoints, ".step-000030.tmp-812-0", "model.safetensors"), "x".repeat(10));
  writeFileSync(join(checkpoints, ".step-000040.tmp-1-0"), "a file");
  symlinkSync(cwd, join(checkpoints, ".step-000050.tmp-1-0"));
  mkdirSync(join(busy, "checkpoints", ".step-000020.tmp-1-0"));
  const plan = planPrune(cwd);
  expect(plan.remove.map(({ path, bytes }) => [path, bytes])).toEqual([
    [join(checkpoints, nested), 0],
    [join(checkpoints, ".step-000030.tmp-812-0"), 10],
  ]);
  applyPrune(plan);
  expect(checkpointsIn(folder)).toEqual(
    [...mine, ".step-000040.tmp-1-0", ".step-000050.tmp-1-0", "step-000010", "step-000020"].toSorted(),
  );
  expect(checkpointsIn(busy)).toHaveLength(2);
});

const CUT = (name: string) => (dir: string) => {
  writeCheckpoint(dir);
  truncateSync(join(dir, name), 9);
};
const LACKS = (name: string) => (dir: string) => {
  writeCheckpoint(dir);
  rmSync(join(dir, name));
};

test.each([
  ["an empty folder", (dir: string) => mkdirSync(dir)],
  ["one without a manifest", LACKS("trainer.json")],
  ["one that lacks a file", LACKS("state/m")],
  ["one with a cut file", CUT("model.safetensors")],
  ["one whose manifest is cut", CUT("trainer.json")],
])("the newest complete checkpoint stays, whatever has a higher number: %s", (_, damage) => {
  const cwd = project({});
  const folder = run(cwd, "a", "finished", [10, 20]);
  damage(join(folder, "checkpoints", "step-000099"));
  const plan = planPrune(cwd);
  expect(plan.remove.map(({ path }) => basename(path))).toEqual(["step-000010"]);
  applyPrune(plan);
  expect(checkpointsIn(folder)).toEqual(["step-000020", "step-000099"]);
});

test("where no checkpoint is complete all stay", () => {
  const cwd = project({});
  const folder = run(cwd, "a", "finished", [10, 20]);
  for (const name of checkpointsIn(folder)) writeFileSync(join(folder, "checkpoints", name, "state/m"), "");
  expect(planPrune(cwd).remove).toEqual([]);
});

test("metrics for TensorBoard go with the run, and nothing else of their folder", () => {
  const cwd = project({});
  const [gone, kept] = [run(cwd, "a", "failed"), run(cwd, "b", "failed")];
  for (const folder of [gone, kept]) {
    mkdirSync(join(folder, "tensorboard"));
    writeFileSync(join(folder, "tensorboard", "events.out.tfevents.00000000000001.7.rrr"), "");
  }
  writeFileSync(join(kept, "tensorboard", "events.out.tfevents.1.somebody"), "");
  applyPrune(planPrune(cwd, { failed: true }));
  expect(existsSync(gone)).toBe(false);
  expect(readdirSync(join(kept, "tensorboard"))).toEqual(["events.out.tfevents.1.somebody"]);
});

test("files of others inside a checkpoint stay, with the run too", () => {
  const cwd = project({});
  const folder = run(cwd, "a", "finished", [10, 20]);
  const checkpoint = join(folder, "checkpoints", "step-000010");
  writeFileSync(join(checkpoint, "notes.txt"), "mine");
  writeFileSync(join(checkpoint, "state", "plot.png"), "mine");
  symlinkSync(cwd, join(checkpoint, "link"));
  const reason = "keeps its folder: it holds files that rrr did not write";
  const plan = planPrune(cwd);
  expect(plan.remove).toMatchObject([{ path: checkpoint, bytes: 1_000 }]);
  expect(applyPrune(plan)).toMatchObject({
    bytes: 1_000,
    left: [{ name: "a/checkpoints/step-000010", reason }],
  });
  expect(readdirSync(checkpoint)).toEqual(["link", "notes.txt", "state"]);
  expect(readdirSync(join(checkpoint, "state"))).toEqual(["plot.png"]);
  expect(planPrune(cwd).remove).toEqual([]);
  const whole = planPrune(cwd, { olderThanMs: 30 * DAY, nowMs: later() });
  expect(applyPrune(whole)).toMatchObject({ removed: [{ run: "a" }], left: [{ name: "a", reason }] });
  expect(readdirSync(folder)).toEqual(["checkpoints"]);
  expect(checkpointsIn(folder)).toEqual(["step-000010"]);
});

test("whole runs go by age, by failure, or by both", () => {
  const cwd = project({});
  const finished = run(cwd, "finished", "finished", [10, 20]);
  run(cwd, "failed", "failed", [10]);
  run(cwd, "stopped", "stopped");
  expect(planned(cwd, { olderThanMs: 30 * DAY })).toEqual([["checkpoint", "finished", "step-000010"]]);
  expect(planned(cwd, { failed: true })).toEqual([
    ["run", "failed", "failed"],
    ["checkpoint", "finished", "step-000010"],
  ]);
  expect(planned(cwd, { failed: true, olderThanMs: 30 * DAY, nowMs: later() })).toEqual([
    ["run", "failed", "failed"],
    ["checkpoint", "finished", "step-000010"],
  ]);
  expect(planned(cwd, { failed: true, olderThanMs: 30 * DAY })).toEqual([
    ["checkpoint", "finished", "step-000010"],
  ]);
  const plan = planPrune(cwd, { olderThanMs: 30 * DAY, nowMs: later() });
  expect(plan.remove.map(({ kind, run }) => [kind, run])).toEqual([
    ["run", "failed"],
    ["run", "finished"],
    ["run", "stopped"],
  ]);
  expect(applyPrune(plan)).toEqual({ removed: plan.remove, bytes: plan.bytes, left: [] });
  expect(existsSync(finished)).toBe(false);
  expect(readdirSync(join(cwd, "runs"))).toEqual([]);
});

test("a run that is being written, one that cannot be read, links and strangers are left alone", () => {
  const elsewhere = project({});
  const far = run(elsewhere, "far", "finished", [10, 20]);
  const cwd = project({
    "runs/stranger/notes.txt": "mine",
    "runs/readme.txt": "mine",
    "runs/bad/run.db": "no database",
  });
  run(cwd, "running", "running", [10, 20]);
  symlinkSync(far, join(cwd, "runs", "link"));
  const linked = run(cwd, "linked", "finished");
  symlinkSync(join(far, "checkpoints"), join(linked, "checkpoints"));
  const partly = run(cwd, "partly", "finished", [30]);
  symlinkSync(join(far, "checkpoints", "step-000010"), join(partly, "checkpoints", "step-000010"));
  expect(planPrune(cwd)).toMatchObject({ remove: [], bytes: 0 });
  const plan = planPrune(cwd, { olderThanMs: 30 * DAY, nowMs: later() });
  expect(plan.left).toEqual([
    { name: "bad", reason: expect.stringMatching(/^cannot be read: /) },
    { name: "link", reason: "is a link" },
    { name: "running", reason: "is being written by another rrr" },
    { name: "stranger", reason: "is no run" },
  ]);
  expect(applyPrune(plan)).toMatchObject({
    removed: [{ run: "linked" }, { run: "partly" }],
    left: [
      { name: "linked", reason: "keeps its folder: it holds files that rrr did not write" },
      { name: "partly", reason: "keeps its folder: it holds files that rrr did not write" },
    ],
  });
  expect(checkpointsIn(far)).toEqual(["step-000010", "step-000020"]);
  expect(readdirSync(join(far, "checkpoints", "step-000010"))).toHaveLength(3);
  expect(readdirSync(join(cwd, "runs")).toSorted()).toEqual([
    ...["bad", "link", "linked", "partly", "readme.txt", "running", "stranger"],
  ]);
  expect(readdirSync(linked)).toEqual(["checkpoints"]);
  expect(checkpointsIn(join(cwd, "runs", "running"))).toHaveLength(2);
});

test("what changes between the plan and its end is looked at again", () => {
  const cwd = project({});
  const resumed = run(cwd, "resumed", "failed", [10]);
  const ended = run(cwd, "ended", "failed", [10]);
  const moved = run(cwd, "moved", "failed", [10]);
  const plan = planPrune(cwd, { failed: true });
  const store = reopenRunStore(resumed);
  onTestFinished(() => store.close());
  const other = reopenRunStore(ended);
  other.end("finished");
  other.close();
  renameSync(moved, join(cwd, "moved"));
  symlinkSync(join(cwd, "moved"), moved);
  expect(applyPrune(plan)).toMatchObject({
    removed: [],
    left: ["ended", "moved", "resumed"].map((name) => ({
      name,
      reason: expect.stringContaining("in use by now"),
    })),
  });
  expect([resumed, ended, moved].map((folder) => checkpointsIn(folder).length)).toEqual([1, 1, 1]);
});

test("a checkpoint that an unfinished run has for its model stays, and so does its run", () => {
  const cwd = project({});
  run(cwd, "base", "finished", [10, 20, 30]);
  run(cwd, "user", "stopped", [], "runs/base/checkpoints/step-000010");
  const reason = "holds the model of a run that is not finished";
  expect(planPrune(cwd)).toMatchObject({
    remove: [{ path: join(cwd, "runs/base/checkpoints/step-000020") }],
    left: [{ name: "base/checkpoints/step-000010", reason }],
  });
  expect(planPrune(cwd, { olderThanMs: 30 * DAY, nowMs: later() })).toMatchObject({
    remove: [{ run: "user" }],
    left: [{ name: "base", reason }],
  });
});

test("a process that writes a run is respected, and once it was killed the run's end is when it last wrote", async () => {
  const cwd = project({ "runs/.keep": "" });
  const script = join(import.meta.dirname, "../../test/write-forever.ts");
  const folder = join(cwd, "runs", "killed");
  mkdirSync(folder);
  const child = spawn(process.execPath, ["--import", "tsx", script, folder]);
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  const settings = { olderThanMs: 30 * DAY, nowMs: later() };
  expect(planPrune(cwd, settings)).toMatchObject({ remove: [], left: [{ name: "killed" }] });
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(planPrune(cwd, { olderThanMs: 30 * DAY }).remove).toEqual([]);
  const plan = planPrune(cwd, settings);
  expect(plan.remove).toMatchObject([{ kind: "run", status: "running" }]);
  applyPrune(plan);
  expect(findRuns(cwd)).toEqual([]);
  expect(existsSync(folder)).toBe(false);
});

test("where there is no runs/ there is nothing to remove", () => {
  expect(planPrune(project({}))).toMatchObject({ remove: [], left: [], bytes: 0 });
});
