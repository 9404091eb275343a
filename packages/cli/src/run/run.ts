import { createOnnxEngine, createPolicy, type ModelFiles } from "@rrr/trainer";
import { toTaskOptions } from "../commands/task-options.ts";
import { isolatePlugin } from "../plugins/isolate-plugin.ts";
import { loadTask } from "../plugins/load-task.ts";
import { type Result, toResult } from "../report/result.ts";
import { evaluateStage } from "./evaluate-stage.ts";
import { heldOutItems } from "./held-out.ts";
import { loadModel } from "./load-model.ts";
import { createMeter } from "./meter.ts";
import { mineStage } from "./mine-stage.ts";
import { onInterruption } from "./on-interruption.ts";
import type { RunContext } from "./run-context.ts";
import { createRunOutput, type RunOutput } from "./run-output.ts";
import { type RunFlags, type RunPlan, toRunPlan } from "./run-plan.ts";
import { trainStage } from "./train-stage.ts";

/** `rrr run`: everything that can be refused is refused before the run folder is made. */
export async function run(plugin: string, flags: RunFlags): Promise<void> {
  const cwd = process.cwd();
  const plan: RunPlan = toRunPlan(flags);
  const options = toTaskOptions(flags);
  const loaded = await loadTask(plugin, options, cwd);
  const heldOut = await heldOutItems(loaded.task, plan.seed, plan.heldOut);
  const files = await loadModel(flags.model, loaded.task.name, cwd);
  const task = await isolatePlugin(loaded, options, flags);

  let output: RunOutput | undefined;
  const ignore = onInterruption(() => output?.stop());
  output = createRunOutput(plugin, loaded, plan, flags);
  try {
    const engine = await createOnnxEngine(files);
    const meter = createMeter(createPolicy(engine, flags.model));
    const result = await runStages({ ...output, task, plan, engine, meter, heldOut }, files);
    await engine.close();
    await task.close();
    output.finish(result);
  } catch (error) {
    output.fail(error);
    throw error;
  } finally {
    ignore();
  }
}

/** Evaluate, collect failures, train, evaluate again. */
async function runStages(context: RunContext, files: ModelFiles): Promise<Result> {
  const { task, plan, meter } = context;
  const header = { task: task.name, model: meter.model.id, seed: plan.seed };
  const before = await evaluateStage(context, "before");
  if (plan.train === undefined) return toResult({ ...header, steps: 0, reward: "retry" }, before);
  const failures = await mineStage(context);
  // The KL penalty compares with the weights from before training, which the trained engine forgets.
  const reference = plan.train.klCoefficient === 0 ? undefined : await createOnnxEngine(files);
  await trainStage(context, failures, reference ? { ...plan.train, reference } : plan.train);
  await reference?.close();
  const after = await evaluateStage(context, "after");
  return toResult({ ...header, steps: plan.train.steps, reward: plan.train.reward }, before, after);
}
