import { join } from "node:path";
import { count, percent, writeFailed } from "@rrr/runs";
import { type MinedFailure, type StepReport, saveCheckpoint, type TrainSettings, train } from "@rrr/trainer";
import type { Progress } from "../display/progress.ts";
import type { RunContext } from "./run-context.ts";

/** Trains the engine's weights, and keeps every step and the newest checkpoints. */
export async function trainStage(
  context: RunContext,
  failures: readonly MinedFailure[],
  settings: TrainSettings,
): Promise<void> {
  const { task, engine, plan, folder, store, display, emit } = context;
  context.enter("train");
  const checkpoints = join(folder, "checkpoints");
  for await (const report of train(task, engine, failures, settings)) {
    store.addStep(report);
    const { groups: _, ...figures } = report;
    emit({ kind: "step", ...figures });
    display.update(toProgress(report, settings));
    const { step, steps } = report;
    if (step % plan.stepsPerCheckpoint === 0 || step === steps) {
      await saveCheckpoint(checkpoints, engine, step, plan).catch((cause) => {
        throw writeFailed(checkpoints, cause);
      });
    }
  }
}

function toProgress(report: StepReport, settings: TrainSettings): Progress {
  const { step, steps, passRate, kept, dropped, errored, update, sampledTokens, seconds } = report;
  const facts: (readonly [string, string])[] = [
    ["pass rate", percent(passRate)],
    ["dropped groups", `${dropped}/${kept + dropped}`],
    ["KL", settings.klCoefficient === 0 ? "off" : (update?.kl ?? 0).toFixed(4)],
  ];
  if (errored > 0) facts.push(["errored", String(errored)]);
  facts.push(["tokens/s", count(sampledTokens / seconds.sampling)]);
  return { stage: "train", done: step, total: steps, unit: "steps", facts };
}
