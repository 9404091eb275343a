import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  type Attempt,
  type Completion,
  defineTask,
  type Episode,
  type FailedAttempt,
  fail,
  pass,
  RrrError,
  schemaOf,
} from "@rrr/core";
import type { MiningProgress } from "@rrr/trainer";
import Database from "libsql";
import { expect, test } from "vitest";
import { project } from "../../../plugins/test/plugin-files.ts";
import { runHeader } from "../../test/run-header.ts";
import { createRunStore, reopenRunStore } from "./run-store.ts";
import { readStoredRun } from "./stored-run.ts";

const header = runHeader("even", { kind: "train", seed: 7, train: { steps: 3 } }, "builtin");

const said = (text: string): Completion => ({
  text,
  finish: "stop",
  tokens: { prompt: new Int32Array(3), ids: new Int32Array(5), logprobs: new Float32Array(5) },
});
const asked = [{ role: "user", content: "?" }] as const;
const failed: Attempt = { prompt: asked, completion: said("3"), verdict: fail("wrong", "odd") };
const failure: FailedAttempt = { kind: "failed", item: { least: 1 }, attempt: failed };
const retry: Attempt = { prompt: [], completion: said("4"), verdict: pass() };
const reflected: Episode = {
  kind: "reflected",
  item: { least: 1 },
  attempt: failed,
  reflection: { prompt: [], completion: said("3 is odd"), retry },
};
const errored: Episode = {
  kind: "errored",
  item: 2,
  error: new RrrError("verifier-failed", "boom"),
  turn: "retry",
};

const anyTask = defineTask({
  name: "even",
  schema: schemaOf((value): value is unknown => value !== undefined, "anything"),
  items: () => [],
  prompt: () => [],
  verify: () => pass(),
});
const mined = (items: number, of: FailedAttempt): MiningProgress => ({
  ...{ items, mastered: 0, failures: items, errored: 0, attempts: items, sampledTokens: 5, duplicates: 0 },
  item: of.item,
  failure: of,
});

test("what is added can be read back by another connection while the store is open", () => {
  const folder = project({});
  const store = createRunStore(folder, header);
  const reader = new Database(join(folder, "run.db"), { readonly: true });
  store.addMined(mined(1, failure), [
    ...asked,
    { role: "assistant", content: "3" },
    { role: "user", content: "why?" },
  ]);
  store.endMining();
  store.addStep({
    step: 1,
    steps: 3,
    passRate: 1,
    kept: 0,
    dropped: 1,
    refilled: 0,
    errored: 1,
    sampledTokens: 10,
    reflectionTokens: 5,
    truncated: 0,
    update: undefined,
    groups: [
      {
        failure,
        episodes_G: [reflected, errored],
        rewards_G: [1, undefined],
        advantages_G: [undefined, undefined],
      },
    ],
    seconds: { sampling: 0.5, update: 0 },
  });
  expect(reader.prepare("SELECT step, pass_rate, loss FROM step").all()).toEqual([
    { step: 1, pass_rate: 1, loss: null },
  ]);
  const episodes = reader
    .prepare(
      `SELECT stage, step, sample, kind, json AS item, failure, reward, error_code, error_turn
       FROM episode e JOIN item i ON i.id = e.item ORDER BY e.id`,
    )
    .all();
  const nothing = { step: null, failure: null, reward: null, error_code: null, error_turn: null };
  expect(episodes).toEqual([
    { ...nothing, stage: "mine", sample: 0, kind: "failed", item: '{"least":1}' },
    // Where a training episode comes from is known.
    {
      ...nothing,
      ...{
        stage: "train",
        step: 1,
        sample: 0,
        kind: "reflected",
        item: '{"least":1}',
        failure: 1,
        reward: 1,
      },
    },
    {
      ...nothing,
      ...{ stage: "train", step: 1, sample: 1, kind: "errored", item: '{"least":1}', failure: 1 },
      ...{ error_code: "verifier-failed", error_turn: "retry" },
    },
  ]);
  expect(reader.prepare("SELECT count(*) AS n FROM item").get()).toMatchObject({ n: 1 });
  expect(
    reader
      .prepare("SELECT role, text, tokens, verdict, code FROM turn WHERE episode = 2 ORDER BY position")
      .all(),
  ).toEqual([
    { role: "attempt", text: "3", tokens: 5, verdict: "fail", code: "wrong" },
    { role: "reflection", text: "3 is odd", tokens: 5, verdict: null, code: null },
    { role: "retry", text: "4", tokens: 5, verdict: "pass", code: null },
  ]);
  expect(reader.prepare("SELECT schema_version, command, seed, status FROM run").get()).toMatchObject({
    ...{ schema_version: 3, command: "run", seed: 7, status: "running" },
  });
  store.end("failed", "boom");
  expect(reader.prepare("SELECT status, error FROM run").get()).toMatchObject({
    status: "failed",
    error: "boom",
  });
  reader.close();
  store.close();
});

test("a closed store is one file", () => {
  const folder = project({});
  const store = createRunStore(folder, header);
  store.addMined(mined(1, failure));
  store.end("stopped");
  store.close();
  expect(readdirSync(folder)).toEqual(["run.db"]);
});

test("a store can be closed while somebody reads it", () => {
  const folder = project({});
  const store = createRunStore(folder, header);
  const reader = new Database(join(folder, "run.db"), { readonly: true });
  reader.exec("BEGIN");
  expect(reader.prepare("SELECT status FROM run").get()).toMatchObject({ status: "running" });
  store.end("finished");
  store.close();
  reader.exec("COMMIT");
  expect(reader.prepare("SELECT status FROM run").get()).toMatchObject({ status: "finished" });
  reader.close();
});

test("a transaction that fails leaves nothing of itself", () => {
  const folder = project({});
  const store = createRunStore(folder, header);
  const circular: { self?: unknown } = {};
  circular.self = circular;
  store.addMined(mined(1, failure));
  store.addMined(mined(2, { ...failure, item: circular }));
  expect(() => store.endMining()).toThrow();
  store.addMined(mined(1, failure));
  store.endMining();
  const reader = new Database(join(folder, "run.db"), { readonly: true });
  expect(reader.prepare("SELECT kind, problem FROM episode").all()).toEqual([{ kind: "failed", problem: 0 }]);
  reader.close();
  store.close();
});

test("one process writes a run, and another may go on when it is gone", () => {
  const folder = project({});
  const store = createRunStore(folder, header);
  expect(() => reopenRunStore(folder)).toThrow(expect.objectContaining({ code: "bad-run" }));
  store.end("stopped");
  store.close();
  const again = reopenRunStore(folder);
  expect(readStoredRun(folder)).toMatchObject({
    status: "running",
    spec: { plan: { kind: "train", train: { steps: 3 } } },
    endedAt: undefined,
  });
  again.end("finished");
  again.close();
  expect(readStoredRun(folder)).toMatchObject({ status: "finished", task: "even", seed: 7 });
});

test.each([
  ["nothing", {}, "is not a run"],
  ["a file of another kind", { "run.db": "no database" }, "cannot be read"],
  ["a run that was killed before it began", { "run.db": "" }, "holds no run: it was stopped before it began"],
])("%s is refused", (_, files, message) => {
  const open = () => reopenRunStore(project(files as Record<string, string>));
  expect(open).toThrow(
    expect.objectContaining({ code: "bad-run", message: expect.stringContaining(message) }),
  );
});

test("a run of another version's tables is refused with both versions", () => {
  const folder = project({});
  createRunStore(folder, header).close();
  const vandal = new Database(join(folder, "run.db"));
  vandal.exec("UPDATE run SET schema_version = 1");
  vandal.close();
  expect(() => reopenRunStore(folder)).toThrow(
    "was written with version 1 of the tables; this rrr writes version 3",
  );
});

test("what was acknowledged survives kill -9, and nothing is half there", async () => {
  const folder = project({});
  const child = spawn(process.execPath, [
    "--import",
    "tsx",
    join(import.meta.dirname, "../../test/write-forever.ts"),
    folder,
  ]);
  let acknowledged = 0;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    acknowledged = Number(text.trim().split("\n").at(-1));
    if (acknowledged >= 50) child.kill("SIGKILL");
  });
  await once(child, "exit");
  const reader = new Database(join(folder, "run.db"), { readonly: true });
  const { batches, episodes, turns } = reader
    .prepare(
      "SELECT count(DISTINCT problem) AS batches, count(*) AS episodes, (SELECT count(*) FROM turn) AS turns FROM episode",
    )
    .get() as Record<string, number>;
  reader.close();
  expect(batches).toBeGreaterThanOrEqual(acknowledged);
  expect(episodes).toBe((batches as number) * 20);
  expect(turns).toBe((episodes as number) * 3);
});

test("what cannot be written is said as such, not as a bug", () => {
  const folder = project({});
  const store = createRunStore(folder, header);
  // As good as a full disk, and root meets it too.
  const vandal = new Database(join(folder, "run.db"));
  vandal.exec("DROP TABLE turn");
  vandal.close();
  store.addMined(mined(1, failure));
  const add = () => store.endMining();
  expect(add).toThrow(
    expect.objectContaining({ code: "bad-run", message: expect.stringContaining("run.db") }),
  );
  store.close();
});

test("a run whose folder is removed ends, instead of going on for nobody", () => {
  const folder = project({});
  const store = createRunStore(folder, header);
  store.addMined(mined(1, failure));
  rmSync(folder, { recursive: true });
  for (const write of [() => store.endMining(), () => store.end("stopped")]) {
    expect(write).toThrow(
      expect.objectContaining({ code: "bad-run", message: expect.stringContaining("is gone") }),
    );
  }
  store.close();
  expect(existsSync(folder)).toBe(false);
});

test("controls that errored are forgotten with the episodes that did, and those that did not stay", () => {
  const folder = project({});
  const store = createRunStore(folder, header);
  const record = store.record("before");
  const unit = (problem: number) => ({ problem, sample: 0 });
  const found = { first: false, after: true };
  for (const problem of [0, 1]) {
    record.add({ ...unit(problem), part: "episodes", episode: reflected, outcomes: found, seconds: 1 });
  }
  record.add({ ...unit(2), part: "episodes", episode: errored, outcomes: {}, seconds: 1 });
  const answers = [{ role: "blind", attempt: failed } as const];
  const whole = { blind: false, passAt2: false, leak: false };
  record.add({ ...unit(0), part: "controls", answers, errors: [], outcomes: whole, seconds: 1 });
  // The second attempt errored.
  const errors = [{ role: "independent", error: new RrrError("model-failed", "503") } as const];
  const lacking = { blind: false, leak: false };
  record.add({ ...unit(1), part: "controls", answers, errors, outcomes: lacking, seconds: 1 });
  record.flush();
  expect(record.errors()).toContainEqual({
    where: "independent",
    code: "model-failed",
    message: "503",
    count: 1,
  });
  store.forgetErrored();
  const again = store.record("before");
  const known = [0, 1, 2].map((problem) => [
    again.has("episodes", unit(problem)),
    again.has("controls", unit(problem)),
  ]);
  expect(known).toEqual([
    [true, true],
    [true, false],
    [false, false],
  ]);
  expect(again.outcomes(2)).toEqual([[{ ...found, ...whole }], [found]]);
  // They are added again as if they had never been.
  again.add({ ...unit(1), part: "controls", answers, errors: [], outcomes: whole, seconds: 1 });
  again.flush();
  expect(again.outcomes(2)[1]).toEqual([{ ...found, ...whole }]);
  store.close();
});

test("a text with a NUL is read to its end", async () => {
  const folder = project({});
  const store = createRunStore(folder, header);
  store.addMined(mined(1, { ...failure, attempt: { ...failed, completion: said("3\0 or so") } }));
  store.end("stopped");
  store.close();
  const again = reopenRunStore(folder);
  expect((await again.mined(anyTask)).failures[0]?.attempt.completion.text).toBe("3\uFFFD or so");
  again.close();
});
