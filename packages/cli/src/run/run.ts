import { writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { messageOf } from "@rrr/core";
import { createOnnxEngine, createPolicy, type ModelFiles } from "@rrr/trainer";
import { createDisplay } from "../display/create-display.ts";
import { ownVersion } from "../own-version.ts";
import { loadTask } from "../plugins/load-task.ts";
import { reportText } from "../report/report-text.ts";
import { type Result, toResult } from "../report/result.ts";
import { createRunFolder } from "../store/run-folder.ts";
import { createRunStore } from "../store/run-store.ts";
import { evaluateStage } from "./evaluate-stage.ts";
import { heldOutItems } from "./held-out.ts";
import { loadModel } from "./load-model.ts";
import { mineStage } from "./mine-stage.ts";
import { onSignal } from "./on-signal.ts";
import type { RunContext } from "./run-context.ts";
import { writeEvent } from "./run-events.ts";
import { type RunFlags, toRunPlan } from "./run-plan.ts";
import { removeUnfinished, stoppedText } from "./stopped.ts";
import { trainStage } from "./train-stage.ts";

/** `rrr run`: everything that can be refused is refused before the run folder is made. */
export async function run(plugin: string, flags: RunFlags): Promise<void> {
  const cwd = process.cwd();
  const plan = toRunPlan(flags);
  const options = flags.preset === undefined ? {} : { preset: flags.preset };
  const { task, file } = await loadTask(plugin, options, cwd);
  const heldOut = await heldOutItems(task, plan.seed, plan.heldOut);
  const files = await loadModel(flags.model, task.name, cwd);

  const folder = createRunFolder(flags.out, task.name, cwd, new Date());
  const shown = relative(cwd, folder);
  const { model } = flags;
  const header = { id: basename(folder), rrrVersion: ownVersion(), task: task.name, plugin: file, model };
  const store = createRunStore(folder, { ...header, seed: plan.seed, settings: plan });
  const display = createDisplay(flags.quiet === true);
  const emit = flags.json ? writeEvent : () => {};
  const ignoreSignals = onSignal(() => {
    display.close();
    store.end("stopped");
    store.close();
    removeUnfinished(folder);
    process.stderr.write(stoppedText(shown, task.name));
    emit({ kind: "stopped", folder });
  });
  try {
    emit({ kind: "run", folder, task: task.name, model, seed: plan.seed });
    display.note(`run folder ${shown}`);
    const engine = await createOnnxEngine(files);
    const policy = createPolicy(engine, model);
    const result = await runStages(
      { task, plan, engine, policy, heldOut, folder, store, display, emit },
      files,
    );
    await engine.close();
    keep(folder, result);
    store.end("finished");
    display.close();
    const output = flags.json ? process.stderr : process.stdout;
    output.write(reportText(result));
    emit({ kind: "result", folder, ...result });
    display.note(`\nEverything is kept in ${shown}`);
  } catch (error) {
    display.close();
    store.end("failed", messageOf(error));
    throw error;
  } finally {
    store.close();
    ignoreSignals();
  }
}

/** Evaluate, collect failures, train, evaluate again. */
async function runStages(context: RunContext, files: ModelFiles): Promise<Result> {
  const { task, plan, policy } = context;
  const header = { task: task.name, model: policy.id, seed: plan.seed };
  const before = await evaluateStage(context, "before");
  if (plan.train === undefined) return toResult({ ...header, steps: 0, reward: "retry" }, before);
  const failures = await mineStage(context);
  const needsReference = plan.train.klCoefficient !== 0;
  const reference = needsReference ? { reference: await createOnnxEngine(files) } : {};
  await trainStage(context, failures, { ...plan.train, ...reference });
  await reference.reference?.close();
  const after = await evaluateStage(context, "after");
  return toResult({ ...header, steps: plan.train.steps, reward: plan.train.reward }, before, after);
}

function keep(folder: string, result: Result): void {
  writeFileSync(join(folder, "result.json"), `${JSON.stringify(result, null, 2)}\n`);
  writeFileSync(join(folder, "report.txt"), reportText(result));
}
