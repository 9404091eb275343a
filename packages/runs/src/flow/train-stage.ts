import { join } from "node:path";
import { RrrError } from "@rrr/core";
import {
  loadCheckpoint,
  type MinedFailure,
  newestCheckpoint,
  type StepReport,
  saveCheckpoint,
  train,
} from "@rrr/trainer";
import { limitsOf } from "../spec/run-limits.ts";
import { retrySettings } from "../spec/run-retry.ts";
import { writeFailed } from "../store/write-failed.ts";
import type { RunEvent } from "./events.ts";
import { withPulse } from "./pulse.ts";
import type { TrainingContext } from "./run-context.ts";

const PULSE_MS = 1_000;

/** Trains the engine's weights from the newest checkpoint on; every step is kept, and the newest checkpoints. */
export async function* trainStage(
  { task, engine, openReference, spec, plan, folder, store, signal }: TrainingContext,
  failures: readonly MinedFailure[],
): AsyncGenerator<RunEvent, void, undefined> {
  const { train: settings, stepsPerCheckpoint } = plan;
  const { steps: total } = settings;
  const checkpoints = join(folder, "checkpoints");
  const checkpoint = await newestCheckpoint(checkpoints);
  if (checkpoint !== undefined) await loadCheckpoint(engine, checkpoint);
  const firstStep = checkpoint?.step ?? 0;
  const trained = store.trained();
  // Each checkpoint is made before the next steps: where more are there, checkpoints were removed.
  if (trained.steps - firstStep > stepsPerCheckpoint || (trained.isEvaluated && firstStep < total)) {
    throw new RrrError(
      "bad-checkpoint",
      `${folder} has ${trained.steps} steps, and the newest checkpoint is of step ${firstStep}`,
      { hint: "Its checkpoints were removed. Put them back, or start a new run." },
    );
  }
  store.forgetStepsAfter(firstStep);
  if (firstStep >= total) return;

  yield { kind: "stage", stage: "train" };
  let last: StepReport | undefined;
  let sampledTokens = 0;
  // The KL penalty compares with the weights from before training, which the trained engine forgets.
  const second =
    settings.klCoefficient === 0 || engine.initial !== undefined ? undefined : await openReference();
  const reference = settings.klCoefficient === 0 ? undefined : (engine.initial ?? second);
  try {
    const limits = limitsOf(spec, task);
    const chosen = {
      ...settings,
      ...retrySettings(spec),
      limits,
      firstStep,
      signal,
      ...(reference === undefined ? {} : { reference }),
    };
    for await (const report of withPulse(train(task, engine, failures, chosen), PULSE_MS)) {
      if (report !== undefined) {
        last = report;
        sampledTokens += report.sampledTokens;
        store.addStep(report);
        yield { kind: "step", report };
        const { step } = report;
        if (step % stepsPerCheckpoint === 0 || step === total) {
          const saved = await saveCheckpoint(checkpoints, engine, step, { key: store.key, plan }).catch(
            (cause) => {
              throw writeFailed(checkpoints, cause);
            },
          );
          yield { kind: "checkpoint", step, folder: saved.dir };
        }
      }
      // Of sampling alone, the last step's: the update between two of them samples nothing.
      const tokensPerSecond = last === undefined ? 0 : last.sampledTokens / last.seconds.sampling;
      const done = last?.step ?? firstStep;
      const progress = { done, total, report: last, sampledTokens, tokensPerSecond };
      yield { kind: "progress", stage: "train", unit: "steps", ...progress };
    }
  } finally {
    await second?.close();
  }
}
