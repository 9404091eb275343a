import { truncate } from "node:fs/promises";
import { join } from "node:path";
import type { Task } from "@rrr/core";
import { type EngineCapabilities, writeModelDir } from "@rrr/trainer";
import { microModel } from "@rrr/trainer/testing";
import { expect, test } from "vitest";
import { project } from "../../../plugins/test/plugin-files.ts";
import { type TrainingRequest, toRunSpec } from "../spec/to-run-spec.ts";
import { withSettings } from "./choose-settings.ts";
import { probeItems } from "./probe.ts";

const capabilities = (trains: EngineCapabilities["trains"]): EngineCapabilities => ({
  ...{ trains, fixed: {}, normalizations: ["dapo"], seeds: true, logprobs: "sampling", state: "folder" },
});

/** So many held-out problems, each of them twice. */
const taskOf = (problems: number): Task => ({
  ...{ spec: "rrr/task@1", name: "numbered", limits: { attempt: 4, reflection: 4 } },
  schema: { "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value }) } },
  *items() {
    for (let n = 0; n < 2 * problems; n++) yield { n: n % problems };
  },
  prompt: () => [{ role: "user", content: "?" }],
  reflect: () => "why?",
  verify: () => ({ kind: "pass" }),
});

const heldOut = { items: Array.from({ length: 10 }, (_, n) => ({ n })) };

async function chosen(
  trains: EngineCapabilities["trains"],
  request: Partial<TrainingRequest> = {},
  { model = "builtin", problems = 100 } = {},
) {
  const plan = { kind: "train", ...request } as const;
  const said: string[] = [];
  const opened = { engine: { capabilities: capabilities(trains) }, task: taskOf(problems), heldOut };
  const spec = toRunSpec({ task: "./x.mjs", model, plan }, "/");
  const settled = await withSettings(spec, plan, opened, (text) => said.push(text));
  const { settings, train, rails } = settled.plan;
  return { settings, rate: train.schedule.learningRate, kl: train.klCoefficient, probe: rails?.probe, said };
}

async function modelOf(bytes?: number): Promise<string> {
  const folder = join(project({}), "model");
  await writeModelDir(folder, microModel(), "F32");
  if (bytes !== undefined) await truncate(join(folder, "model.safetensors"), bytes);
  return folder;
}

test("the settings suit model and engine, unless somebody names them", async () => {
  expect(await chosen("full")).toMatchObject({ settings: { name: "builtin", from: "builtin" }, probe: 0 });
  const model = await modelOf();
  expect(await chosen("full", {}, { model })).toMatchObject({ settings: { name: "builtin", from: "other" } });
  expect(await chosen("lora", {}, { model })).toMatchObject({
    ...{ settings: { name: "lora-small", from: "lora" }, rate: 3e-4, kl: 0.03, probe: 64, said: [] },
  });
  expect(await chosen("lora", { settings: "paper" }, { model })).toMatchObject({
    ...{ settings: { name: "paper", from: "option" }, rate: 5e-7, probe: 0 },
  });
});

test("all weights of a large model are not trained at an adapter's rate", async () => {
  const model = await modelOf(80 * 1024 * 1024);
  const { settings, rate, said } = await chosen("full", {}, { model });
  expect([settings, rate]).toEqual([{ name: "lora-small", from: "size" }, 1e-5]);
  expect(said[0]).toContain("learning rate 0.00001 in place of 0.0003");
  const train = { schedule: { learningRate: 2e-4 } };
  expect(await chosen("full", { train }, { model })).toMatchObject({ rate: 2e-4, said: [] });
});

test("no more problems choose a checkpoint than the task has left", async () => {
  expect(await chosen("lora", {}, { problems: 40 })).toMatchObject({ probe: 0 });
  const some = await chosen("lora", { settings: "lora-small" }, { problems: 40 });
  expect([some.probe, some.said[0]]).toEqual([30, expect.stringContaining("30 choose the best checkpoint")]);
  const none = await chosen("lora", { settings: "lora-small" }, { problems: 20 });
  expect([none.probe, none.said[0]]).toEqual([0, expect.stringContaining("the last one counts")]);
  const asked = chosen("lora", { keepBest: 16 }, { problems: 20 });
  await expect(asked).rejects.toMatchObject({
    code: "bad-argument",
    hint: expect.stringContaining("--limit"),
  });
});

test("the problems that choose are none of those that are measured, and none comes twice", async () => {
  const items = await probeItems(taskOf(40), { seed: 0 }, heldOut, 64);
  expect(items).toEqual(Array.from({ length: 30 }, (_, n) => ({ n: n + 10 })));
});
