/** A run that version 2 of the tables holds: 6 problems, one step. It is read as any other. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { project } from "../../../plugins/test/plugin-files.ts";
import { writeFailures } from "../export/failures.ts";
import { TABLES } from "../export/tables.ts";
import { resumeRun } from "../flow/start-run.ts";
import { runText } from "../report/run-text.ts";
import { compareRuns } from "./compare-runs.ts";
import { listRuns } from "./list-runs.ts";
import { openRunReader } from "./run-reader.ts";
import { storedResult } from "./stored-result.ts";

const fixture = new URL("../../fixtures/version-2-run.db.gz", import.meta.url);

function olderRun(): { readonly cwd: string; readonly folder: string } {
  const cwd = project({});
  const folder = join(cwd, "runs", "old");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "run.db"), gunzipSync(readFileSync(fixture)));
  return { cwd, folder };
}

test("it opens, shows and has the figures that it had", () => {
  const { cwd, folder } = olderRun();
  const reader = openRunReader(folder);
  expect(reader.stages).toEqual(["before", "after"]);
  const { before, after, steps } = storedResult(reader);
  expect(steps).toBe(1);
  expect(before.rates).toMatchObject({ first: { passed: 3, of: 6 }, after: { passed: 4, of: 6 } });
  expect(after?.rates.greedyFirst).toMatchObject({ passed: 6, of: 6 });
  expect(runText(reader)).toMatch(/\nafter reflection +66\.7 % \[30\.0, 90\.3\] +66\.7 % \[30\.0, 90\.3\] /);
  expect(reader.steps()).toMatchObject([
    { step: 1, kept: expect.any(Number), pass_rate: expect.any(Number) },
  ]);
  const episodes = [...reader.episodes("before")];
  expect(episodes.map(({ part, problem }) => `${part} ${problem}`)).toEqual(
    ["episodes", "greedy"].flatMap((part) => [0, 1, 2, 3, 4, 5].map((problem) => `${part} ${problem}`)),
  );
  expect(JSON.parse(episodes[0]?.item ?? "")).toEqual({ n: 1 });
  expect(reader.messages({ prompt: episodes[0]?.turns[0]?.prompt ?? null })).toEqual([]);
  reader.close();
  expect(listRuns(cwd)).toMatchObject([{ name: "old", task: "chance", status: "finished", problems: 6 }]);
});

test("it can be compared and exported", async () => {
  const { cwd, folder } = olderRun();
  const comparison = compareRuns("old:before", "old", cwd);
  expect(comparison).toMatchObject({ problems: 6, differences: { greedyFirst: { pairs: 6 } } });
  const reader = openRunReader(folder);
  const counts = Object.values(TABLES).map((table) => [...table.rows(reader)].length);
  const [episodes = 0, turns = 0, outcomes = 0] = counts;
  // 12 episodes and 12 greedy ones, 24 groups of 8, and the mined failures.
  expect(episodes).toBeGreaterThan(24 + 24 * 8);
  expect(turns).toBeGreaterThan(3 * 24 * 8);
  expect(outcomes).toBeGreaterThan(100);
  const failures = writeFailures(reader, new Writable({ write: (_, __, done) => done() }));
  await expect(failures).rejects.toMatchObject({
    code: "bad-run",
    message: expect.stringContaining("older format"),
  });
  reader.close();
});

test("it cannot be resumed, and says so plainly", async () => {
  const { folder } = olderRun();
  await expect(resumeRun(folder)).rejects.toMatchObject({
    code: "bad-run",
    message: expect.stringMatching(/is of an older format, written by rrr 0\.1\.0: it cannot be resumed/),
    hint: expect.stringContaining("shown, compared and exported"),
  });
});
