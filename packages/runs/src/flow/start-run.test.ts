/** Runs from a program: started, left, resumed, without a process of their own. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { createRandom } from "@rrr/core";
import { writeModelDir } from "@rrr/trainer";
import { microModel } from "@rrr/trainer/testing";
import Database from "libsql";
import { expect, test } from "vitest";
import { project } from "../../../plugins/test/plugin-files.ts";
import { unfinishedIn } from "../prune/run-files.ts";
import { openRunReader } from "../read/run-reader.ts";
import { storedResult } from "../read/stored-result.ts";
import type { RunRequest, TrainingRequest } from "../spec/to-run-spec.ts";
import type { RunEvent } from "./events.ts";
import { resumeRun, startRun } from "./start-run.ts";

/** Passed by half of all answers; its items go through a schema that changes them. */
const TASK = `
export default {
  spec: "rrr/task@1",
  name: "chance",
  schema: { "~standard": { version: 1, vendor: "test", validate: ({ n, doubled }) => (doubled === undefined
    ? { value: { n, doubled: 2 * n, since: new Date(n) } } : { issues: [{ message: "parsed twice" }] }) } },
  *items(split) { for (let n = split === "test" ? 1 : 0; ; n += 2) yield { n }; },
  prompt: ({ n, doubled, since }) => [{ role: "user", content: "say " + (n + 0 * since.getTime()) + " or " + doubled }],
  reflect: ({ item }) => "why, after " + item.since.getTime() + "?",
  limits: { attempt: 4, reflection: 6 },
  verify: ({ since }, completion) => since.getTime() >= 0 && (completion.codePointAt(0) ?? 0) % 2 === 0 ? { kind: "pass" } : { kind: "fail", code: "odd" },
};`;

const training: TrainingRequest = {
  kind: "train",
  problems: 6,
  mining: { limit: 12, attempts: 4, concurrency: 2 },
  train: { steps: 3, failuresPerStep: 4, groupSize: 4 },
  stepsPerCheckpoint: 1,
};

async function world(): Promise<{ readonly cwd: string; readonly request: RunRequest }> {
  const cwd = project({ "chance.mjs": TASK });
  await writeModelDir(join(cwd, "model"), microModel(), "F32");
  return {
    cwd,
    request: { task: { module: "./chance.mjs", isolate: "none" }, model: "./model", plan: training },
  };
}

/** Takes events until one is wanted. @returns all that came */
async function until(
  run: AsyncIterable<RunEvent>,
  isLast: (event: RunEvent, all: readonly RunEvent[]) => boolean,
): Promise<readonly RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of run) {
    events.push(event);
    if (isLast(event, events)) break;
  }
  return events;
}

const never = () => false;
const resultIn = (cwd: string, out: string) => readFileSync(join(cwd, out, "result.json"), "utf8");

test("the events of a run that trains, in the order of its stages, and a result", async () => {
  const { cwd, request } = await world();
  const events = await until(await startRun(request, { cwd, out: "run" }), never);
  expect(events.flatMap((event) => (event.kind === "stage" ? [event.stage] : []))).toEqual([
    ...["before", "mine", "train", "after"],
  ]);
  const count = (kind: RunEvent["kind"]) => events.filter((event) => event.kind === kind).length;
  // Six episodes, their controls, and six greedy ones, twice. A checkpoint before training, and one a step.
  expect([count("unit"), count("failure"), count("step"), count("checkpoint")]).toEqual([36, 12, 3, 4]);
  expect(events.at(-1)).toMatchObject({ kind: "result", result: { task: "chance", steps: 3 } });
  expect(existsSync(join(cwd, "run/report.txt"))).toBe(true);
  const reader = openRunReader(join(cwd, "run"));
  // The problem as the task gives it; what the schema makes of it is what was asked.
  const [before] = [...reader.episodes("before")];
  expect(JSON.parse(before?.item ?? "")).toEqual({ n: 1 });
  expect(reader.messages({ prompt: before?.turns[0]?.prompt ?? null })).toMatchObject([
    { content: "say 1 or 2" },
  ]);
  const [failure] = [...reader.episodes("mine")];
  const trained = [...reader.episodes("train")].find((episode) => episode.failure === failure?.id);
  expect(trained?.item).toBe(failure?.item);
  const [attempt, reflection, retry] = trained?.turns ?? [];
  if (attempt === undefined || reflection === undefined || retry === undefined) throw new Error("no turns");
  // The messages that the model was shown, without the plugin's code.
  const asked = reader.messages(reflection);
  expect(asked.map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
  expect(asked[1]?.content).toBe(attempt.text);
  expect(reader.messages(retry).slice(0, 3)).toEqual(asked);
  const tokens = reader.tokens(trained?.id ?? 0, reflection.position);
  expect(tokens?.ids.length).toBe(reflection.tokens);
  expect(tokens?.logprobs.every((logprob) => logprob <= 0)).toBe(true);
  reader.close();
});

const MOMENTS = [
  ["the evaluation before training", (event) => event.kind === "unit"],
  ["mining", (event) => event.kind === "failure"],
  ["mining, later", (_, all) => all.filter(({ kind }) => kind === "failure").length === 7],
  ["training", (event) => event.kind === "step"],
  ["the evaluation after training", (event) => event.kind === "unit" && event.stage === "after"],
] as const satisfies readonly (readonly [string, (event: RunEvent, all: readonly RunEvent[]) => boolean])[];

test.each(MOMENTS)(
  "left in %s, a run resumes and comes to what it comes to without",
  async (moment, isLast) => {
    const { cwd, request } = await world();
    await (await startRun(request, { cwd, out: "whole" })).result();
    const before = await until(await startRun(request, { cwd, out: "left" }), isLast);
    const kept = openRunReader(join(cwd, "left"));
    expect(kept.run.status).toBe("stopped");
    const failures = before.filter(({ kind }) => kind === "failure").length;
    // Every failure that was announced is kept.
    expect([...kept.episodes("mine")].length).toBeGreaterThanOrEqual(failures);
    kept.close();
    const rest = await until(await resumeRun("left", { cwd }), never);
    if (moment.startsWith("mining")) {
      expect(rest.filter(({ kind }) => kind === "failure").length).toBeLessThanOrEqual(12 - failures);
    }
    expect(resultIn(cwd, "left")).toBe(resultIn(cwd, "whole"));
    await expect(resumeRun("left", { cwd })).rejects.toMatchObject({
      code: "bad-run",
      message: expect.stringContaining("is finished"),
    });
  },
);

test("stop() ends it at once, and the rest of its events is an error", async () => {
  const { cwd, request } = await world();
  const run = await startRun(request, { cwd, out: "run" });
  const events = run[Symbol.asyncIterator]();
  await events.next();
  await events.next();
  run.stop();
  const reader = openRunReader(run.folder);
  expect(reader.run.status).toBe("stopped");
  reader.close();
  const drain = async () => {
    while (!(await events.next()).done);
  };
  await expect(drain()).rejects.toMatchObject({ code: "aborted" });
});

test("stop() while a checkpoint is being saved is a stop, and leaves nothing half saved", async () => {
  const { cwd, request } = await world();
  const run = await startRun(request, { cwd, out: "run" });
  let hasEnded = false;
  const ended = run
    .result()
    .catch((error: unknown) => error)
    .finally(() => {
      hasEnded = true;
    });
  while (!hasEnded && unfinishedIn(run.folder).length === 0) await turn();
  expect(hasEnded).toBe(false);
  run.stop();
  expect(unfinishedIn(run.folder)).toEqual([]);
  expect(await ended).toMatchObject({ code: "aborted" });
  expect(unfinishedIn(run.folder)).toEqual([]);
  const reader = openRunReader(run.folder);
  expect(reader.run).toMatchObject({ status: "stopped" });
  reader.close();
  const whole = await startRun(request, { cwd, out: "whole" });
  expect(await (await resumeRun("run", { cwd })).result()).toEqual(await whole.result());
});

test("what is refused is refused before there is a folder", async () => {
  const { cwd, request } = await world();
  for (const wrong of [
    { ...request, task: "absent" },
    { ...request, model: "./absent" },
    { ...request, plan: { kind: "train", train: { steps: 0 } } },
  ] as RunRequest[]) {
    await expect(startRun(wrong, { cwd, out: "run" })).rejects.toMatchObject({ code: expect.any(String) });
  }
  expect(existsSync(join(cwd, "run"))).toBe(false);
});

test("a reader is told what is new, and pages through the episodes", async () => {
  const { cwd } = await world();
  const plan = { kind: "evaluate", problems: 5, evaluation: { controls: true } } as const;
  const run = await startRun({ task: "./chance.mjs", model: "./model", plan }, { cwd, out: "run" });
  await run.result();
  const reader = openRunReader(run.folder);
  const first = reader.news(0, 3);
  expect(first.entries.map(({ kind }) => kind)).toEqual(["stage", "episode", "episode"]);
  const rest = reader.news(first.cursor);
  const kinds = rest.entries.map(({ kind }) => kind);
  expect(kinds).toEqual([...Array(3).fill("episode"), ...Array(5).fill("controls"), "evaluation", "status"]);
  expect(reader.news(rest.cursor)).toEqual({ entries: [], cursor: rest.cursor });
  const pages = [];
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page = reader.page({ stage: "evaluate", after, limit: 2 });
    pages.push(page.episodes.length);
    after = page.next;
  }
  expect(pages).toEqual([2, 2, 1]);
  reader.close();
});

test("a damaged run is bad-run, whatever is asked of it", async () => {
  const { cwd } = await world();
  const plan = { kind: "evaluate", problems: 3 } as const;
  const run = await startRun({ task: "./chance.mjs", model: "./model", plan }, { cwd, out: "run" });
  await run.result();
  const vandalise = (sql: string): void => {
    const vandal = new Database(join(run.folder, "run.db"));
    vandal.exec(sql);
    vandal.close();
  };
  const bytes = "CAST(x'ff' AS TEXT)";
  vandalise(`UPDATE outcome SET measure = ${bytes} WHERE problem = 1 AND measure = 'first';
    UPDATE news SET kind = ${bytes} WHERE seq = 2; UPDATE item SET json = 'no JSON'`);
  const reader = openRunReader(run.folder);
  const isDamaged = expect.objectContaining({ code: "bad-run" });
  expect(() => reader.measured("evaluate")).toThrow(isDamaged);
  expect(() => reader.news(0)).toThrow(isDamaged);
  expect(() => [...reader.outcomes()]).toThrow(isDamaged);
  reader.close();
  vandalise("DROP TABLE news");
  expect(() => openRunReader(run.folder)).toThrow(isDamaged);
});

test.each(["no JSON", "{}", "5", '{"plan":{"kind":"train"}}', '{"plan":null}', "[]", "null"])(
  "a spec that says %s is bad-run",
  async (spec) => {
    const { cwd } = await world();
    const plan = { kind: "evaluate", problems: 1 } as const;
    const run = await startRun({ task: "./chance.mjs", model: "./model", plan }, { cwd, out: "run" });
    await run.result();
    const vandal = new Database(join(run.folder, "run.db"));
    vandal.prepare("UPDATE run SET spec = ?, status = 'stopped'").run(spec);
    vandal.close();
    expect(() => openRunReader(run.folder)).toThrow(expect.objectContaining({ code: "bad-run" }));
    await expect(resumeRun("run", { cwd })).rejects.toMatchObject({ code: "bad-run" });
  },
);

test("whatever bytes of a run are overwritten, reading it is right or bad-run", async () => {
  const { cwd } = await world();
  const plan = { kind: "evaluate", problems: 40 } as const;
  const run = await startRun({ task: "./chance.mjs", model: "./model", plan }, { cwd, out: "run" });
  await run.result();
  const whole = readFileSync(join(run.folder, "run.db"));
  const random = createRandom(7);
  const read = (folder: string): void => {
    const reader = openRunReader(folder);
    try {
      storedResult(reader);
      for (const { turns } of reader.episodes()) for (const turn of turns) reader.messages(turn);
      reader.news(0);
      reader.steps();
    } finally {
      reader.close();
    }
  };
  read(run.folder);
  let refused = 0;
  for (let trial = 0; trial < 60; trial++) {
    const folder = project({ ".keep": "" });
    const damaged = Buffer.from(whole);
    const from = random.int(damaged.length);
    for (let i = 0; i < 400; i++) damaged[(from + i) % damaged.length] = random.int(256);
    writeFileSync(join(folder, "run.db"), damaged.subarray(0, damaged.length - (trial % 3 === 0 ? from : 0)));
    try {
      read(folder);
    } catch (error) {
      expect(error).toMatchObject({ code: "bad-run" });
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(20);
});

test("a run's result is there as often as it is asked for; one that was stopped has none", async () => {
  const { cwd } = await world();
  const plan = { kind: "evaluate", problems: 3 } as const;
  const request = { task: "./chance.mjs", model: "./model", plan };
  const run = await startRun(request, { cwd, out: "run" });
  await until(run, never);
  expect(await run.result()).toBe(await run.result());
  const stopped = await startRun(request, { cwd, out: "stopped" });
  stopped.stop();
  await expect(stopped.result()).rejects.toMatchObject({ code: "aborted" });
  const controller = new AbortController();
  const aborted = await startRun(request, { cwd, out: "aborted", signal: controller.signal });
  controller.abort();
  await expect(aborted.result()).rejects.toMatchObject({ code: "aborted" });
  const reader = openRunReader(aborted.folder);
  expect(reader.run.status).toBe("stopped");
  reader.close();
});

test.each([
  "DELETE FROM item WHERE id % 2 = 0",
  "UPDATE episode SET problem = -5 WHERE problem = 1",
  "UPDATE episode SET problem = 9007199254740991 WHERE problem = 1",
  "UPDATE episode SET sample = 4294967295 WHERE problem = 1",
  "PRAGMA ignore_check_constraints = ON; UPDATE outcome SET outcome = 'maybe' WHERE problem = 1",
  "DELETE FROM outcome WHERE problem = 1",
  "DELETE FROM outcome WHERE problem = 1 AND measure = 'first'",
  "DELETE FROM outcome WHERE measure = 'after'",
  "UPDATE outcome SET outcome = iif(outcome = 'pass', 'fail', 'pass') WHERE measure = 'first'",
  "UPDATE episode SET stage = 'zzz' WHERE problem > 2",
  "DELETE FROM turn; DELETE FROM episode WHERE problem = 5",
  "UPDATE item SET json = 'no JSON' WHERE id = 1",
  "DROP TABLE step; CREATE VIEW step AS SELECT 1 AS step",
  "INSERT INTO run SELECT 'b', schema_version, rrr_version, command, task, plugin, model, seed, spec, identity, status, error, started_at, ended_at FROM run",
])("no figure comes of a run after: %s", async (sql) => {
  const { cwd } = await world();
  const plan = { kind: "evaluate", problems: 6 } as const;
  const run = await startRun({ task: "./chance.mjs", model: "./model", plan }, { cwd, out: "run" });
  await run.result();
  const vandal = new Database(join(run.folder, "run.db"));
  vandal.exec(`PRAGMA foreign_keys = OFF; ${sql}`);
  vandal.close();
  const read = () => {
    const reader = openRunReader(run.folder);
    try {
      return storedResult(reader);
    } finally {
      reader.close();
    }
  };
  expect(read).toThrow(expect.objectContaining({ code: "bad-run" }));
});

test("a run whose checkpoints were removed is not trained anew in silence", async () => {
  const { cwd, request } = await world();
  await until(
    await startRun(request, { cwd, out: "run" }),
    (event) => event.kind === "unit" && event.stage === "after",
  );
  rmSync(join(cwd, "run/checkpoints"), { recursive: true });
  const resumed = await resumeRun("run", { cwd });
  await expect(resumed.result()).rejects.toMatchObject({ code: "bad-checkpoint" });
});
