import { expect, test } from "vitest";
import { runHeader } from "../../test/run-header.ts";
import type { RunSpec, TrainingPlan } from "../spec/run-spec.ts";
import { toRunSpec } from "../spec/to-run-spec.ts";
import { type SettingsSide, settingDifferences } from "./setting-differences.ts";

const { spec } = runHeader("even", { kind: "evaluate" }, "openai:a");
const identity = {
  task: { name: "even", limits: { attempt: 80, reflection: 60 }, prompts: "aa", file: "f" },
  model: { model: "a", source: "u", settings: { served: { created: 1 } } },
};
const side: SettingsSide = { spec, identity, rrrVersion: "0.1.0", cachedShare: 0 };

const changed = (model: Partial<RunSpec["model"]>, evaluation: object = {}): RunSpec => ({
  ...spec,
  model: { ...spec.model, ...model },
  plan: { ...spec.plan, evaluation: { ...spec.plan.evaluation, ...evaluation } } as RunSpec["plan"],
});

test("nothing differs between a run and itself, nor by what only takes time", () => {
  expect(settingDifferences(side, side)).toEqual([]);
  const slow = changed({ name: "openai:b", timeoutMs: 5, stream: true, cache: false }, { concurrency: 1 });
  expect(settingDifferences(side, { ...side, spec: slow })).toEqual([]);
});

test("each setting that differs is named, with both values", () => {
  const other: SettingsSide = {
    spec: {
      ...changed(
        { baseUrl: "http://h/v1", reasoningEffort: "low", headers: { "x-a": null }, body: { top_p: 0.5 } },
        { temperature: 0.5 },
      ),
      limits: {
        ...{ attempt: 4_096, reflection: 60, retry: 80 },
        from: { attempt: "option", reflection: "task", retry: "task" },
      },
    },
    identity: {
      task: { ...identity.task, limits: { attempt: 4_096, reflection: 60 }, prompts: "bb" },
      model: { ...identity.model, settings: { served: { created: 2 } }, systemRole: "user" },
    },
    ...{ rrrVersion: "0.2.0", cachedShare: 0.75 },
  };
  const found = settingDifferences(side, other).map(({ setting, values }) => [setting, ...values]);
  expect(found.toSorted()).toEqual(
    [
      ["base URL", null, "http://h/v1"],
      ["reasoning effort", null, "low"],
      // That it was sent is known, its value is not.
      ["request field top_p", null, 0.5],
      ["temperature", 1, 0.5],
      ["token limit attempt", 80, 4_096],
      ["prompts", "aa", "bb"],
      ["served created", 1, 2],
      ["system role", null, "refused by the server"],
      ["version of rrr", "0.1.0", "0.2.0"],
      ["answers from the cache", 0, 0.75],
      ["header x-a", null, "of a value that is not kept"],
    ].toSorted(),
  );
});

test("a run from before there were retry layouts asked in a conversation, at the temperature of attempts", () => {
  const retried = (retry: RunSpec["retry"]): SettingsSide => ({
    ...side,
    spec: { ...spec, retry } as RunSpec,
  });
  expect(settingDifferences(side, retried({ layout: "conversation" }))).toEqual([]);
  expect(settingDifferences(side, retried({ layout: "conversation", temperature: 1 }))).toEqual([]);
  expect(settingDifferences(side, retried({ layout: "note", temperature: 0 }))).toEqual([
    { setting: "retry layout", values: ["conversation", "note"] },
    { setting: "retry temperature", values: ["as attempts", 0] },
  ]);
});

test("what nobody asked for in training is as if it had been asked for", () => {
  const trained = (request: object, change: (spec: RunSpec) => RunSpec = (same) => same): SettingsSide => ({
    ...side,
    spec: change(toRunSpec({ task: "countdown", plan: { kind: "train", force: true, ...request } }, "/")),
  });
  const earlier = (spec: RunSpec): RunSpec => {
    const { rails: _, settings: __, ...plan } = spec.plan as TrainingPlan;
    return { ...spec, plan };
  };
  const asked = {
    train: { surrogate: "ppo", klPenalty: "k3-loss", refills: 0 },
    checkpoints: 5,
    settings: "builtin",
  };
  expect(settingDifferences(trained({}), trained(asked))).toEqual([]);
  expect(settingDifferences(trained({}, earlier), trained({ train: asked.train }))).toEqual([]);
  const other = { train: { surrogate: "cispo", refills: 2 }, keepBest: 32, force: false };
  expect(settingDifferences(trained({}, earlier), trained(other))).toEqual([
    { setting: "training surrogate", values: ["ppo", "cispo"] },
    { setting: "training refills", values: [0, 2] },
    { setting: "ends where training collapses", values: [false, true] },
    { setting: "problems that choose the checkpoint", values: [0, 32] },
  ]);
});

test("what a server tells of two models differs in any case", () => {
  const model = { model: "b", source: "u", settings: { served: { created: 2 } } };
  expect(settingDifferences(side, { ...side, identity: { ...identity, model } })).toEqual([]);
});

test("a run that an older version wrote is compared by its identity", () => {
  const older = { ...side, spec: undefined };
  expect(settingDifferences(older, older)).toEqual([]);
});
