/** A run that trains an adapter: stopped and resumed, and its model named by others. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { baseModelDir, readModelDir, writeModelDir } from "@rrr/trainer";
import { microModel } from "@rrr/trainer/testing";
import { expect, test } from "vitest";
import { project } from "../../../plugins/test/plugin-files.ts";
import { runCard } from "../report/run-card.ts";
import type { RunRequest, TrainingRequest } from "../spec/to-run-spec.ts";
import { resumeRun, startRun } from "./start-run.ts";

/** Passed by half of all answers. */
const TASK = `
export default {
  spec: "rrr/task@1",
  name: "chance",
  schema: { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) } },
  *items(split) { for (let n = split === "test" ? 1 : 0; ; n += 2) yield { n }; },
  prompt: ({ n }) => [{ role: "user", content: "say " + n }],
  reflect: () => "why?",
  limits: { attempt: 4, reflection: 6 },
  verify: (_, completion) =>
    (completion.codePointAt(0) ?? 0) % 2 === 0 ? { kind: "pass" } : { kind: "fail", code: "odd" },
};`;

const training: TrainingRequest = {
  kind: "train",
  problems: 4,
  mining: { limit: 4, attempts: 4, concurrency: 2 },
  train: { steps: 2, failuresPerStep: 2, groupSize: 8, klCoefficient: 0.05 },
  stepsPerCheckpoint: 1,
};

test("a run with an adapter resumes bit for bit, and others name its model by its folder", async () => {
  const cwd = project({ "chance.mjs": TASK });
  await writeModelDir(join(cwd, "model"), microModel(), "F32");
  const request: RunRequest = {
    task: { module: "./chance.mjs", isolate: "none" },
    model: "./model",
    engine: { name: "onnx", options: { lora: 4, threads: 1, rows: 8 } },
    plan: training,
  };
  const whole = await startRun(request, { cwd, out: "whole" });
  const { training: outcome } = await whole.result();
  const stopped = await startRun(request, { cwd, out: "stopped" });
  for await (const event of stopped) if (event.kind === "checkpoint") break;
  await (await resumeRun("stopped", { cwd })).result();
  const textOf = (path: string) => readFileSync(join(cwd, path), "utf8");
  expect(textOf("stopped/result.json")).toBe(textOf("whole/result.json"));
  const last = "checkpoints/step-000002";
  for (const file of ["adapter_model.safetensors", "state/state.safetensors"]) {
    const [own, other] = ["whole", "stopped"].map((run) => readFileSync(join(cwd, run, last, file)));
    expect(own?.equals(other as Buffer)).toBe(true);
  }
  // An adapter, and not a second model.
  expect(existsSync(join(cwd, "whole", last, "model.safetensors"))).toBe(false);
  expect(await baseModelDir(join(cwd, "whole", last))).toBe(join(cwd, "model"));

  // An adapter's settings set problems apart: the checkpoint that they chose is the run's model, and its card has the figures.
  expect(outcome?.measured?.step).toBe(1);
  const counts = "checkpoints/step-000001";
  const evaluation: RunRequest = {
    task: { module: "./chance.mjs", isolate: "none" },
    model: "./whole",
    plan: { kind: "evaluate", problems: 2, evaluation: { controls: false } },
  };
  const measured = await startRun(evaluation, { cwd, out: "measured" });
  expect(measured.spec.model.folder).toBe(join(cwd, "whole", counts));
  expect((await measured.result()).before.rates.first).toBeDefined();
  expect((await readModelDir(join(cwd, "whole", last))).weights).not.toEqual(microModel().weights);

  // Figures are told of that checkpoint, and of no other.
  const [chosen, newest] = [1, 2].map((step) => runCard(join(cwd, `whole/checkpoints/step-00000${step}`)));
  expect(chosen).toMatchObject({ base: "model", made: expect.stringContaining("Reflect, Retry, Reward") });
  expect(chosen?.parts.map(([title]) => title)).toEqual(["Task", "Settings", "Results"]);
  expect(chosen?.parts[2]?.[1]).toContain("first try");
  expect(JSON.stringify(chosen?.parts)).not.toContain(cwd);
  expect(newest?.parts[2]?.[1]).toBe("Not measured: the run's figures are of step 1.");

  const again = await startRun(
    { ...request, model: "./whole", engine: { name: "onnx" } },
    { cwd, out: "again" },
  );
  for await (const event of again) if (event.kind === "checkpoint" && event.step === 1) break;
  expect(runCard(join(cwd, "again/checkpoints/step-000001"))).toMatchObject({
    base: "model",
    folder: join(cwd, "model"),
    made: expect.stringContaining("It began with step-000001 of another run of rrr."),
  });
  expect(runCard(join(cwd, "model"))).toBeUndefined();
  await expect(startRun({ ...evaluation, model: "./measured" }, { cwd })).rejects.toMatchObject({
    code: "bad-model",
    message: expect.stringContaining("has no checkpoints"),
  });
  rmSync(join(cwd, "whole", counts), { recursive: true });
  await expect(startRun(evaluation, { cwd })).rejects.toMatchObject({
    code: "bad-model",
    message: expect.stringContaining("lacks its checkpoint of step 1"),
  });
});
