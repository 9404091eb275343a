import { mkdtempSync, readdirSync, readFileSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StepReport } from "@rrr/trainer";
import fc from "fast-check";
import { expect, test } from "vitest";
import { after, before, evaluation, header } from "../../test/evaluations.ts";
import { runHeader } from "../../test/run-header.ts";
import type { RunEvent } from "../flow/events.ts";
import { toResult } from "../report/result.ts";
import { crc32c, metricsRecord, readMetricKeys, restartRecord, versionRecord } from "./event-file.ts";
import { createMetrics } from "./metrics.ts";
import { tensorBoardLog } from "./tensorboard.ts";

const update = {
  ...{
    loss: 0.1,
    tokens: 90,
    kl: 0,
    entropyEstimate: 0.4,
    clipped: 0,
    gradNorm: Number.NaN,
    learningRate: 1e-4,
  },
} as StepReport["update"];
const step = (number: number, change: Partial<StepReport> = {}): RunEvent => ({
  kind: "step",
  report: {
    ...{
      step: number,
      steps: 9,
      passRate: 0.5,
      kept: 3,
      dropped: 1,
      refilled: 0,
      errored: 0,
      sampledTokens: 80,
    },
    ...{ reflectionTokens: 9, truncated: 0, update, seconds: { sampling: 3, update: 1 } },
    groups: [{ failure: {}, episodes_G: Array(8), rewards_G: [], advantages_G: [] }] as never,
    ...change,
  },
});
const begun = (klCoefficient: number): RunEvent => {
  const { spec, task } = runHeader("even", { kind: "train", train: { klCoefficient } });
  return { kind: "run", command: "run", folder: "/r", task, model: "builtin", seed: 0, spec };
};

test("a step's numbers have names; what was not measured has none", () => {
  const metrics = createMetrics();
  metrics(begun(0));
  const found = Object.fromEntries(metrics(step(3)).map(({ name, value }) => [name, value]));
  expect(found).toEqual({
    ...{
      "train/retries": 0.5,
      "train/reflection-tokens": 9,
      "train/cut-off": 0,
      "train/dropped-groups": 0.25,
    },
    ...{ "train/errored": 0, "train/tokens-per-second": 20, "train/loss": 0.1, "train/entropy": 0.4 },
    ...{ "train/clipped": 0, "train/learning-rate": 1e-4 },
  });
  const withPenalty = createMetrics();
  withPenalty(begun(0.1));
  expect(withPenalty(step(1)).map(({ name }) => name)).toContain("train/kl");
  expect(metrics(step(4, { update: undefined })).map(({ name }) => name)).not.toContain("train/loss");
});

test("where episodes errored there are bounds in place of a share", () => {
  const metrics = createMetrics();
  const found = metrics(step(1, { errored: 2, passRate: 0.5 })).filter(({ name }) =>
    name.startsWith("train/retries"),
  );
  expect(found).toEqual([
    { name: "train/retries/least", step: 1, value: 3 / 8 },
    { name: "train/retries/most", step: 1, value: 5 / 8 },
  ]);
  expect(metrics({ kind: "probe", isBest: true, step: 5, passed: 3, errored: 1, of: 8 })).toEqual([
    { name: "probe/after-reflection/least", step: 5, value: 3 / 8 },
    { name: "probe/after-reflection/most", step: 5, value: 4 / 8 },
  ]);
});

test("evaluations are at step 0, and at the step that was measured", () => {
  const training = { measured: { step: 4, by: { kind: "retries" } }, warnings: [] } as const;
  const result = toResult({ ...header, training }, evaluation(before), evaluation(after));
  const metrics = createMetrics();
  const first = metrics({
    ...{
      kind: "evaluation",
      stage: "before",
      errored: 0,
      answers: {},
      reasons: [],
      rates: result.before.rates,
    },
  });
  expect(first).toContainEqual({ name: "held-out/after-reflection", step: 0, value: 0.27 });
  expect(first.map(({ name }) => name)).toContain("held-out/control-blind-retry/low");
  const last = metrics({ kind: "result", folder: "/r", result });
  expect(last).toContainEqual({ name: "held-out/after-reflection", step: 4, value: 0.52 });
});

test("the checksum is that of RFC 3720", () => {
  expect(crc32c(Buffer.from("123456789"))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
});

test("what is written can be read back, however the file ends", () => {
  const metrics = fc.array(fc.record({ name: fc.string(), step: fc.nat(), value: fc.float() }), {
    maxLength: 5,
  });
  fc.assert(
    fc.property(metrics, fc.nat(2 ** 40), fc.nat(60), (all, at, cut) => {
      const whole = Buffer.concat([versionRecord(1), restartRecord(2, at), metricsRecord(3, at, all)]);
      const keys = all.map(({ name }) => ({ name: Buffer.from(name).toString(), step: at }));
      expect(readMetricKeys(whole)).toEqual(keys);
      expect(readMetricKeys(whole.subarray(0, whole.length - 1 - cut))).toEqual([]);
      const twice = Buffer.concat([whole, whole.subarray(0, whole.length - 1 - cut)]);
      expect(readMetricKeys(twice)).toEqual(keys);
    }),
  );
});

test("a resumed run writes no number twice, and marks the steps that it does again", () => {
  const folder = join(mkdtempSync(join(tmpdir(), "rrr-tb-")), "log");
  let now = 1_000_000;
  const result = toResult(header, evaluation(before), evaluation(after));
  const measured: RunEvent = {
    ...{
      kind: "evaluation",
      stage: "before",
      errored: 0,
      answers: {},
      reasons: [],
      rates: result.before.rates,
    },
  };
  const session = (events: readonly RunEvent[]): void => {
    const log = tensorBoardLog(folder, () => (now += 10));
    for (const event of [begun(0), ...events]) log.take(event);
    log.close();
  };
  session([measured, step(1), step(2), step(3)]);
  session([measured, step(3), step(4)]);
  session([measured]);
  const files = readdirSync(folder).toSorted();
  expect(files).toHaveLength(2);
  const keys = files.map((name) => readMetricKeys(readFileSync(join(folder, name))));
  expect(keys[0]?.filter(({ name }) => name === "train/retries").map(({ step }) => step)).toEqual([1, 2, 3]);
  expect(keys[1]?.filter(({ name }) => name === "train/retries").map(({ step }) => step)).toEqual([3, 4]);
  expect(keys[1]?.filter(({ name }) => name.startsWith("held-out"))).toEqual([]);
  const second = readFileSync(join(folder, files[1] as string));
  expect(second.indexOf(restartRecord(0, 3).subarray(21, 27))).toBeGreaterThan(0);
  // A process that was killed while it wrote.
  truncateSync(join(folder, files[1] as string), second.length - 7);
  session([step(4)]);
  expect(readdirSync(folder)).toHaveLength(3);
});
