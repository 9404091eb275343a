import { join } from "node:path";
import { createOnnxEngine } from "@rrr/engine-onnx";
import { isolatePlugin, loadTask, located } from "@rrr/plugins";
import { newRun, type OpenRun, type Result, toResult } from "@rrr/runs";
import {
  createPolicy,
  DEFAULT_EVALUATION_SETTINGS,
  type EvaluationSettings,
  loadCheckpoint,
  type ModelFiles,
  newestCheckpoint,
} from "@rrr/trainer";
import { toTaskOptions } from "../commands/task-options.ts";
import { ownVersion } from "../own-version.ts";
import { evaluateStage } from "./evaluate-stage.ts";
import { heldOutItems } from "./held-out.ts";
import { runIdentity } from "./identity.ts";
import { loadModel } from "./load-model.ts";
import { createMeter } from "./meter.ts";
import { mineStage } from "./mine-stage.ts";
import type { RunContext } from "./run-context.ts";
import { type RunFlags, type RunPlan, toRunPlan } from "./run-plan.ts";
import { trainStage } from "./train-stage.ts";
import { withOutput } from "./with-output.ts";

/**
 * `rrr run`: everything that can be refused is refused before the run folder is made.
 * @param open how to get the run: a new one, or for `rrr resume` the one that was interrupted
 */
export async function run(
  plugin: string,
  flags: RunFlags,
  cwd: string = process.cwd(),
  open: OpenRun = newRun(flags.out),
): Promise<void> {
  const plan = toRunPlan(flags);
  const options = toTaskOptions(flags);
  const loaded = await loadTask(plugin, located(options, cwd), cwd);
  const heldOut = await heldOutItems(loaded.task, plan.seed, plan.heldOut);
  const files = await loadModel(flags.model, loaded.task.name, cwd);
  const task = await isolatePlugin(loaded, located(options, cwd), flags);
  const engine = await createOnnxEngine(files);
  const weights = await engine.weightsVersion();
  const header = {
    rrrVersion: ownVersion(),
    command: "run",
    task: task.name,
    plugin: loaded.file,
    model: flags.model,
    seed: plan.seed,
    settings: plan,
    identity: runIdentity(loaded, options, heldOut, { weights }, plan),
    invocation: { plugin, flags, cwd },
  } as const;
  try {
    await withOutput(
      () => open(header),
      flags,
      (output) => {
        const meter = createMeter(createPolicy(engine, flags.model));
        return runStages({ ...output, task, plan, engine, meter, heldOut }, files);
      },
    );
  } finally {
    await engine.close();
    await task.close();
  }
}

/** Evaluate, collect failures, train, evaluate again: each stage goes on from what the store has of it. */
async function runStages(context: RunContext, files: ModelFiles): Promise<Result> {
  const { task, plan, meter } = context;
  const header = { task: task.name, model: meter.model.id, seed: plan.seed };
  const settings: EvaluationSettings = { ...DEFAULT_EVALUATION_SETTINGS, seed: plan.seed };
  const before = await evaluateStage(context, "before", settings);
  if (plan.train === undefined) return toResult({ ...header, steps: 0, reward: "retry" }, before);
  await trainAll(context, plan.train, files);
  const after = await evaluateStage(context, "after", settings);
  return toResult({ ...header, steps: plan.train.steps, reward: plan.train.reward }, before, after);
}

async function trainAll(
  context: RunContext,
  settings: NonNullable<RunPlan["train"]>,
  files: ModelFiles,
): Promise<void> {
  const { task, engine, store, folder } = context;
  const collected = store.failures(task);
  const failures = collected.length > 0 ? collected : await mineStage(context);
  const checkpoint = await newestCheckpoint(join(folder, "checkpoints"));
  if (checkpoint !== undefined) await loadCheckpoint(engine, checkpoint);
  const firstStep = checkpoint?.step ?? 0;
  store.forgetStepsAfter(firstStep);
  if (firstStep >= settings.steps) return;
  // The KL penalty compares with the weights from before training, which the trained engine forgets.
  const reference = settings.klCoefficient === 0 ? undefined : await createOnnxEngine(files);
  await trainStage(context, failures, { ...settings, firstStep, ...(reference ? { reference } : {}) });
  await reference?.close();
}
