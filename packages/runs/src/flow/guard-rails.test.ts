/** A real engine that is trained far too fast: warned of, ended, and taken back to its best checkpoint. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readModelDir, writeModelDir } from "@rrr/trainer";
import { microModel } from "@rrr/trainer/testing";
import { expect, test, vi } from "vitest";
import { project } from "../../../plugins/test/plugin-files.ts";
import { openRunReader } from "../read/run-reader.ts";
import { storedResult } from "../read/stored-result.ts";
import { runText } from "../report/run-text.ts";
import { type RunRequest, type TrainingRequest, toRunSpec } from "../spec/to-run-spec.ts";
import type { RunEvent } from "./events.ts";
import { resumeRun, startRun } from "./start-run.ts";

vi.setConfig({ testTimeout: 300_000 });

/** Passed by answers whose characters all differ: by many of a model that guesses, by none of one that repeats itself. */
const VARIED = `
export default {
  spec: "rrr/task@1",
  name: "varied",
  schema: { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) } },
  *items(split) { for (let n = split === "test" ? 1 : 0; ; n += 2) yield { n }; },
  prompt: ({ n }) => [{ role: "user", content: "say " + n }],
  reflect: () => "why?",
  limits: { attempt: 6, reflection: 6 },
  verify: (_, text) => text.length >= 5 && new Set(text).size === text.length ? { kind: "pass" } : { kind: "fail", code: "repeats" },
};`;

const tooFast: TrainingRequest = {
  kind: "train",
  problems: 8,
  evaluation: { controls: false, greedy: false },
  mining: { limit: 64, attempts: 8 },
  train: {
    ...{ steps: 24, failuresPerStep: 6, groupSize: 8 },
    schedule: { learningRate: 0.1, warmup: 0 },
  },
  stepsPerCheckpoint: 3,
  keepBest: 16,
};

async function world(): Promise<string> {
  const cwd = project({ "varied.mjs": VARIED });
  await writeModelDir(join(cwd, "model"), microModel(), "F32");
  return cwd;
}

const requestOf = (plan: TrainingRequest): RunRequest => ({
  ...{ task: { module: "./varied.mjs", isolate: "none" }, model: "./model", plan },
});

async function eventsOf(
  run: AsyncIterable<RunEvent>,
  isLast: (event: RunEvent) => boolean = () => false,
): Promise<readonly RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of run) {
    events.push(event);
    if (isLast(event)) break;
  }
  return events;
}

type Kind = RunEvent["kind"];
const ofKind = <K extends Kind>(events: readonly RunEvent[], kind: K) =>
  events.filter((event): event is Extract<RunEvent, { readonly kind: K }> => event.kind === kind);

/** The first step at which the mean of five steps is below half of the best such mean before. */
function halvedAt(rates: readonly number[]): number {
  let best = 0;
  for (let last = 4; last < rates.length; last++) {
    const mean = rates.slice(last - 4, last + 1).reduce((sum, rate) => sum + rate, 0) / 5;
    if (mean < best / 2) return last + 1;
    best = Math.max(best, mean);
  }
  return Number.POSITIVE_INFINITY;
}

test("a collapse is warned of before the rate halves, ends training, and the best checkpoint counts", async () => {
  const cwd = await world();
  const events = await eventsOf(await startRun(requestOf(tooFast), { cwd, out: "whole" }));
  const steps = ofKind(events, "step").map(({ report }) => report);
  const [warning] = ofKind(events, "warning");
  expect(warning?.step).toBeLessThan(halvedAt(steps.map(({ passRate }) => passRate)));
  const [diverged] = ofKind(events, "diverged");
  expect(diverged?.step).toBe(steps.length);
  expect(steps.length).toBeLessThan(24);
  const [measured] = ofKind(events, "measured");
  const [result] = ofKind(events, "result");
  const probes = ofKind(events, "probe");
  const best = Math.max(...probes.map(({ passed }) => passed));
  expect(probes.find(({ passed }) => passed === best)?.step).toBe(measured?.step);
  expect(result?.result.training).toMatchObject({
    measured: { step: measured?.step, by: { kind: "probe", passed: best, of: 16 } },
    diverged: { step: diverged?.step, text: expect.stringContaining("retries pass in ") },
  });
  const { config } = await readModelDir(measured?.folder ?? "");
  expect(config.vocabSize).toBe(48);

  // Everything that was said comes from what is kept.
  const reader = openRunReader(join(cwd, "whole"));
  expect(storedResult(reader)).toEqual(result?.result);
  expect(result?.result.training?.warnings).toEqual(
    ofKind(events, "warning").map(({ kind: _, ...warning }) => warning),
  );
  const text = runText(reader);
  expect(text).toContain(`TRAINING DIVERGED and was ended at step ${diverged?.step}`);
  expect(text).toContain("step-000000 (measured)");
  reader.close();
  const named = (which: string) =>
    toRunSpec({ task: "./varied.mjs", model: `whole@${which}`, plan: { kind: "evaluate" } }, cwd);
  expect(named("best").model.folder).toBe(measured?.folder);
  expect(named("last").model.folder).toBe(ofKind(events, "checkpoint").at(-1)?.folder);

  // Left after any of these, it comes to the same.
  const moments: readonly ((event: RunEvent) => boolean)[] = [
    // A score is there, and its checkpoint is not.
    (event) => event.kind === "probe" && event.step === 0,
    (event) => event.kind === "step" && event.report.step === 5,
    (event) => event.kind === "probe" && event.step === 6,
    (event) => event.kind === "diverged",
  ];
  for (const [i, isLast] of moments.entries()) {
    const out = `left-${i}`;
    await eventsOf(await startRun(requestOf(tooFast), { cwd, out }), isLast);
    await (await resumeRun(out, { cwd })).result();
    expect(readFileSync(join(cwd, out, "result.json"), "utf8")).toBe(
      readFileSync(join(cwd, "whole", "result.json"), "utf8"),
    );
  }
});

test("without problems of its own a collapse goes back to where retries passed most often", async () => {
  const cwd = await world();
  const plan = { ...tooFast, keepBest: 0, checkpoints: 1 };
  const events = await eventsOf(await startRun(requestOf(plan), { cwd, out: "run" }));
  expect(ofKind(events, "probe")).toEqual([]);
  const { training } = ofKind(events, "result")[0]?.result ?? {};
  // Of the weights from before training too: no checkpoint of a policy that is falling is better.
  const rates = ofKind(events, "step").map(({ report }) => report.passRate);
  const after = (step: number) => rates.slice(step, step + 3).reduce((sum, rate) => sum + rate, 0) / 3;
  expect(after(0)).toBeGreaterThan(Math.max(after(3), after(6)));
  expect(training?.measured).toEqual({ step: 0, by: { kind: "retries" } });
  expect(training?.diverged).toBeDefined();
});

test("a collapse that comes before the first checkpoint goes back to the weights from before training", async () => {
  const cwd = await world();
  const plan = { ...tooFast, keepBest: 0, checkpoints: 1, stepsPerCheckpoint: 100 };
  const events = await eventsOf(await startRun(requestOf(plan), { cwd, out: "run" }));
  const { training, before, after } = ofKind(events, "result")[0]?.result ?? {};
  expect(training?.measured).toEqual({ step: 0, by: { kind: "retries" } });
  expect(training?.diverged).toBeDefined();
  expect(after?.rates).toEqual(before?.rates);
});

test("a run that is forced trains to its last step", async () => {
  const cwd = await world();
  const plan = { ...tooFast, keepBest: 0, force: true };
  const events = await eventsOf(await startRun(requestOf(plan), { cwd, out: "run" }));
  expect(ofKind(events, "step")).toHaveLength(24);
  const { training } = ofKind(events, "result")[0]?.result ?? {};
  expect(training?.warnings.length).toBeGreaterThan(0);
  expect(training).not.toHaveProperty("diverged");
});

test("where no retry can pass, a look ends the run before anything is learned, unless it is forced", async () => {
  const never = VARIED.replace("text.length >= 5", "text.length >= 500").replace("repeats", "no-answer");
  const cwd = project({ "never.mjs": never });
  await writeModelDir(join(cwd, "model"), microModel(), "F32");
  const plan = { ...tooFast, problems: 200, train: { ...tooFast.train, steps: 2 }, keepBest: 0 };
  const request = { ...requestOf(plan), task: { module: "./never.mjs", isolate: "none" } } as const;
  const run = await startRun(request, { cwd, out: "run" });
  const events: RunEvent[] = [];
  await expect(async () => {
    for await (const event of run) events.push(event);
  }).rejects.toMatchObject({
    code: "no-signal",
    // That no retry passes, and no group differs, comes of it.
    message: expect.stringContaining("have no answer that the verifier can read"),
    hint: expect.stringContaining("--force"),
  });
  expect(ofKind(events, "look")[0]).toMatchObject({ stops: true });
  expect(ofKind(events, "look")[0]?.findings.map(({ kind }) => kind)).toContain("too-low");
  expect(ofKind(events, "step")).toEqual([]);
  await expect((await resumeRun("run", { cwd })).result()).rejects.toMatchObject({ code: "no-signal" });
  const forced = await eventsOf(await resumeRun("run", { cwd, force: true }));
  expect(ofKind(forced, "step")).toHaveLength(2);
  expect(ofKind(forced, "look")[0]).toMatchObject({ stops: false });
});

test("what errored where checkpoints are chosen is kept, said, and no outcome", async () => {
  // The problems that choose come after the eight of the evaluation; of them, every other one errors.
  const verify = "verify: ({ n }, text) => { if (n > 16 && n % 4 === 1) throw new Error('down'); return ";
  const cwd = project({
    "varied.mjs": VARIED.replace("verify: (_, text) => ", verify).replace(/,\n};$/, "; },\n};"),
  });
  await writeModelDir(join(cwd, "model"), microModel(), "F32");
  const plan = { ...tooFast, train: { ...tooFast.train, steps: 2 }, stepsPerCheckpoint: 1, force: true };
  const events = await eventsOf(await startRun(requestOf(plan), { cwd, out: "run" }));
  const probes = ofKind(events, "probe");
  expect(probes).toHaveLength(3);
  for (const { errored, of } of probes) expect({ errored, of }).toEqual({ errored: 8, of: 16 });
  const reader = openRunReader(join(cwd, "run"));
  const rows = [...reader.outcomes()].filter(({ stage }) => stage === "probe");
  expect(rows.filter(({ measure }) => measure === "errored")).toHaveLength(24);
  expect(rows.filter(({ measure }) => measure === "after")).toHaveLength(24);
  expect(runText(reader)).toContain(
    "8 errored), which are none of those in the table. What errored counted as failed",
  );
  reader.close();
});

test("a model that passes everything is not asked for failures without end", async () => {
  const always = VARIED.replace("text.length >= 5 && new Set(text).size === text.length", "true");
  expect(always).not.toBe(VARIED);
  const cwd = project({ "always.mjs": always });
  await writeModelDir(join(cwd, "model"), microModel(), "F32");
  const plan = { ...tooFast, problems: 40, keepBest: 0 };
  const request = { ...requestOf(plan), task: { module: "./always.mjs", isolate: "none" } } as const;
  const events: RunEvent[] = [];
  await expect(async () => {
    for await (const event of await startRun(request, { cwd, out: "run" })) events.push(event);
  }).rejects.toMatchObject({
    code: "no-signal",
    message: expect.stringContaining("all 40 first attempts pass"),
  });
  expect(ofKind(events, "stage").map(({ stage }) => stage)).toEqual(["before"]);
});
