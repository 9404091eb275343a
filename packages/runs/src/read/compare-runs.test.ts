import { join } from "node:path";
import type { Attempt, Episode } from "@rrr/core";
import { fail, pass } from "@rrr/core";
import type { Outcomes } from "@rrr/trainer";
import { expect, test } from "vitest";
import { project } from "../../../plugins/test/plugin-files.ts";
import { runHeader } from "../../test/run-header.ts";
import { comparisonText } from "../report/comparison-text.ts";
import { runText } from "../report/run-text.ts";
import { toRunSpec } from "../spec/to-run-spec.ts";
import { createRunStore } from "../store/run-store.ts";
import type { RunStatus } from "../store/schema.ts";
import { compareRuns } from "./compare-runs.ts";
import { findRuns } from "./find-runs.ts";
import { openRunReader } from "./run-reader.ts";

/** A sample that is there: its problem, its number, its item, whether it passed. */
type Known = readonly [problem: number, sample: number, item: number, first: boolean];

function storeRun(
  cwd: string,
  name: string,
  known: readonly Known[],
  { samples = 1, rounds = 1, status = "finished" as RunStatus } = {},
): void {
  const folder = join(cwd, "runs", name);
  const plan = { kind: "evaluate", evaluation: { samples, rounds } } as const;
  const store = createRunStore(folder, {
    ...runHeader("numbers", plan),
    spec: toRunSpec({ task: "./numbers.js", model: name, plan }, cwd),
  });
  const record = store.record("evaluate");
  for (const [problem, sample, item, first] of known) {
    const completion = { text: "x", finish: "stop" } as const;
    const attempt: Attempt = { prompt: [], completion, verdict: first ? pass() : fail("wrong") };
    const episode: Episode = first
      ? { kind: "solved", item, attempt }
      : { kind: "reflected", item, attempt, reflection: { prompt: [], completion, retry: attempt } };
    const later = Array.from({ length: rounds - 1 }, (_, i) => [`after${i + 2}`, first]);
    const outcomes: Outcomes = { first, after: first, ...Object.fromEntries(later) };
    record.add({ part: "episodes", problem, sample, episode, outcomes, seconds: 0 });
  }
  store.end(status);
  store.close();
}

function world(...names: readonly string[]): string {
  return project(Object.fromEntries(names.map((name) => [`runs/${name}/.keep`, ""])));
}

test("an item that a task has several times is paired with its own place, so a run never differs from itself", () => {
  const cwd = world("a");
  storeRun(cwd, "a", [
    [0, 0, 7, true],
    [1, 0, 8, false],
    [2, 0, 7, false],
  ]);
  const { problems, differences, flips } = compareRuns("a", "a", cwd);
  expect([problems, flips]).toEqual([3, []]);
  expect(differences.first?.counts).toEqual({ both: 1, onlyBefore: 0, onlyAfter: 0, neither: 2 });
});

test("a run with gaps is compared on what it has, and said to be unfinished", () => {
  const cwd = world("whole", "cut");
  const whole: readonly Known[] = [0, 1, 2].flatMap((problem): Known[] => [
    [problem, 0, problem, problem === 1],
    [problem, 1, problem, true],
  ]);
  storeRun(cwd, "whole", whole, { samples: 2 });
  // The second sample of the last problem came before everything else.
  storeRun(
    cwd,
    "cut",
    [
      [2, 1, 2, true],
      [0, 0, 0, true],
    ],
    { samples: 2, status: "stopped" },
  );
  for (const [a, b] of [
    ["whole", "cut"],
    ["cut", "whole"],
  ] as const) {
    const comparison = compareRuns(a, b, cwd);
    expect(comparison).toMatchObject({ problems: 2, left: a === "cut" ? [0, 1] : [1, 0] });
    const { summary } = comparison.runs[a === "cut" ? 0 : 1];
    // What is not there yet did not error.
    expect(summary).toMatchObject({ errored: 0, rates: { first: { passed: 2, of: 2 } } });
    expect(comparisonText(comparison)).toContain(`${a === "cut" ? "A" : "B"} is not finished (stopped): `);
  }
  const reader = openRunReader(join(cwd, "runs", "cut"));
  const text = runText(reader);
  expect([...reader.outcomes()].map(({ problem, sample }) => `${problem}.${sample}`)).toEqual([
    ...["0.0", "0.0", "2.1", "2.1"],
  ]);
  reader.close();
  expect(text).toContain("This run is not finished (stopped): ");
  expect(text).toMatch(/errored samples +0\n/);
  expect(text).not.toContain("could not be checked");
});

test("every round has its row, also where the other run has fewer, and rows have no gaps between them", () => {
  const cwd = world("long", "short");
  storeRun(cwd, "long", [[0, 0, 0, true]], { rounds: 11 });
  storeRun(cwd, "short", [[0, 0, 0, true]]);
  const text = comparisonText(compareRuns("long", "short", cwd));
  const [, table = ""] = text.split("\n\n");
  expect(table).toMatch(/\nafter 11 reflections +100\.0 % \[.*\] +–\nerrored/);
});

test("the newest run comes first whatever it is called, one that cannot be read last", () => {
  const cwd = world("a", "b");
  storeRun(cwd, "b", [[0, 0, 0, true]]);
  const until = Date.now() + 3;
  while (Date.now() < until);
  storeRun(cwd, "a", [[0, 0, 0, true]]);
  const other = project({ "runs/z/run.db": "no database" });
  expect(findRuns(cwd).map(({ name }) => name)).toEqual(["a", "b"]);
  expect(findRuns(other)).toMatchObject([{ kind: "unreadable", name: "z" }]);
});
