import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Result } from "@rrr/runs";
import { newRun } from "@rrr/runs";
import Database from "libsql";
import { expect, test } from "vitest";
import { project } from "../../../plugins/test/plugin-files.ts";
import { createRunOutput } from "./run-output.ts";

const result: Result = {
  task: "any",
  model: "builtin",
  seed: 0,
  steps: 0,
  reward: "retry",
  before: { rates: {}, passAt: [], errored: 0, tokens: {}, problems: 1, samples: 1, rounds: 1 },
  overControls: {},
};

const header = {
  rrrVersion: "0.1.0",
  command: "run",
  task: "any",
  plugin: "/any.js",
  model: "builtin",
  seed: 0,
  settings: {},
  identity: {},
  invocation: {},
} as const;

function outputIn(folder: string) {
  return createRunOutput(newRun(folder)(header), { quiet: true });
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
