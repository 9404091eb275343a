import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { defineTask, pass } from "@rrr/core";
import Database from "libsql";
import { expect, test } from "vitest";
import { project } from "../../test/plugin-files.ts";
import type { Result } from "../report/result.ts";
import { createRunOutput } from "./run-output.ts";
import { type RunFlags, toRunPlan } from "./run-plan.ts";

const task = defineTask({
  name: "any",
  schema: { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) } },
  items: () => [],
  prompt: () => [],
  verify: () => pass(),
});
const result: Result = {
  task: "any",
  model: "builtin",
  seed: 0,
  steps: 0,
  reward: "retry",
  before: { rates: {}, errored: 0, tokens: {}, problems: 1 },
  overControls: {},
};

function outputIn(folder: string) {
  const choices = { seed: 0, model: "builtin", settings: "small", reward: "retry", train: false } as const;
  const flags: RunFlags = { ...choices, out: folder, quiet: true };
  return createRunOutput("any", { task, file: "/any.js" }, toRunPlan(flags), flags);
}

test("a report that cannot be written is no bug of ours, and the run is noted as failed", () => {
  const folder = project({});
  const output = outputIn(folder);
  mkdirSync(join(folder, "result.json"));
  const finish = () => output.finish(result);
  expect(finish).toThrow(
    expect.objectContaining({ code: "bad-run", message: expect.stringContaining("result.json") }),
  );
  output.fail(new Error("the disk"));
  const db = new Database(join(folder, "run.db"), { readonly: true });
  expect(db.prepare("SELECT status, error FROM run").get()).toMatchObject({
    status: "failed",
    error: "the disk",
  });
  db.close();
});

test("an error that cannot be noted is not hidden by that", () => {
  const folder = project({});
  const output = outputIn(folder);
  const vandal = new Database(join(folder, "run.db"));
  vandal.exec("DROP TABLE run");
  vandal.close();
  expect(() => output.fail(new Error("the news"))).not.toThrow();
});
