import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import Database from "libsql";
import { expect, test } from "vitest";
import { project } from "../../../plugins/test/plugin-files.ts";
import { runHeader } from "../../test/run-header.ts";
import { createRunStore } from "../store/run-store.ts";
import type { RunCurves } from "./run-curves.ts";
import { openRunReader } from "./run-reader.ts";

const fixture = new URL("../../fixtures/version-2-run.db.gz", import.meta.url);

/** Curves of a run of one step, with 24 groups of 8, after something was done to its database. */
function curvesAfter(sql = ""): RunCurves & { readonly passRate: number } {
  const folder = join(project({}), "runs", "old");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "run.db"), gunzipSync(readFileSync(fixture)));
  const db = new Database(join(folder, "run.db"));
  if (sql !== "") db.exec(sql);
  db.close();
  const reader = openRunReader(folder);
  try {
    return { ...reader.curves(), passRate: reader.steps()[0]?.pass_rate ?? Number.NaN };
  } finally {
    reader.close();
  }
}

test("evaluations stand before the first step and at the last one, with the table's figures", () => {
  const { curves, plannedSteps, divergedAt } = curvesAfter();
  expect(curves["first-try"]).toMatchObject([
    { step: 0, of: "evaluation", value: 3 / 6 },
    { step: 1, of: "evaluation" },
  ]);
  expect(curves["after-reflection"]).toMatchObject([{ value: 4 / 6 }, { value: 4 / 6 }]);
  expect([plannedSteps, divergedAt]).toEqual([undefined, undefined]);
});

test("the share of a step's retries is that of its row, with an interval", () => {
  const { curves, passRate } = curvesAfter();
  const [point] = curves.retries ?? [];
  expect(point).toMatchObject({ step: 1, of: "step" });
  const { value = Number.NaN, low = 1, high = 0 } = point ?? {};
  expect(value).toBeCloseTo(passRate, 12);
  expect(low).toBeLessThan(value);
  expect(high).toBeGreaterThan(value);
});

test("where retries errored there are bounds in place of a share", () => {
  const whole = curvesAfter().curves.retries?.[0];
  const some = "SELECT id FROM episode WHERE stage = 'train' AND kind = 'reflected' ORDER BY id LIMIT 5";
  const [point] =
    curvesAfter(`UPDATE episode SET kind = 'errored' WHERE id IN (${some})`).curves.retries ?? [];
  expect(point).toMatchObject({ errored: 5 });
  expect(point?.value).toBeUndefined();
  const [least = 1, most = 0] = point?.bounds ?? [];
  expect(least).toBeLessThanOrEqual(whole?.value ?? 0);
  expect(most).toBeGreaterThanOrEqual(whole?.value ?? 1);
  expect(most - least).toBeCloseTo(5 / (24 * 8), 12);
});

test("what a step did not come to is no point", () => {
  const { curves } = curvesAfter("UPDATE step SET entropy = NULL, grad_norm = NULL, truncated = 0.25");
  expect([curves.entropy, curves["gradient-norm"]]).toEqual([undefined, undefined]);
  expect(curves["reflection-tokens"]).toMatchObject([{ cut: 0.25 }]);
});

test("problems that choose among checkpoints are told from those of the table", () => {
  const folder = project({});
  const store = createRunStore(
    folder,
    runHeader("even", { kind: "train", train: { steps: 3, klCoefficient: 0 } }),
  );
  store.addProbe(2, [{ first: true, after: true }, { first: false, after: true }, { first: false }]);
  store.close();
  const reader = openRunReader(folder);
  const { curves, plannedSteps } = reader.curves();
  reader.close();
  expect(curves).toMatchObject({
    "first-try": [{ step: 2, of: "probe", value: 1 / 3 }],
    "after-reflection": [{ step: 2, of: "probe", bounds: [2 / 3, 1], errored: 1 }],
  });
  expect(plannedSteps).toBe(3);
});

test("a KL penalty that was not asked for measured nothing, although its engine says 0", () => {
  expect(klOf(0)).toBeUndefined();
  expect(klOf(0.1)).toMatchObject([{ step: 1, value: 0 }]);
});

function klOf(klCoefficient: number): RunCurves["curves"]["kl"] {
  const folder = project({});
  createRunStore(folder, runHeader("even", { kind: "train", train: { klCoefficient } })).close();
  const db = new Database(join(folder, "run.db"));
  db.exec(
    `INSERT INTO step VALUES (1, 0.5, 3, 1, 0, 80, 9, 0, 0.1, 0, 0.3, 0, 0.2, 0.001, 1, 1, '2026-01-01T00:00:00Z')`,
  );
  db.close();
  const reader = openRunReader(folder);
  try {
    return reader.curves().curves.kl;
  } finally {
    reader.close();
  }
}
