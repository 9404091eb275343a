import { join } from "node:path";
import { RrrError } from "@rrr/core";
import {
  checkpointOf,
  createWatch,
  type Evaluation,
  figuresOf,
  loadCheckpoint,
  type MinedFailure,
  newestCheckpoint,
  pruneCheckpoints,
  type StepReport,
  saveCheckpoint,
  train,
} from "@rrr/trainer";
import { limitsOf } from "../spec/run-limits.ts";
import { retrySettings } from "../spec/run-retry.ts";
import { writeFailed } from "../store/write-failed.ts";
import type { RunEvent } from "./events.ts";
import { createLook } from "./look-stage.ts";
import { withPulse } from "./pulse.ts";
import { createRails } from "./rails.ts";
import { type TrainingContext, waiting } from "./run-context.ts";

const PULSE_MS = 1_000;

/**
 * Trains the engine's weights from the newest checkpoint on; every step is kept, and the newest checkpoints. The engine
 * ends with the weights that count.
 * @param before what the look at the start goes by
 * @throws RrrError `no-signal` where there is nothing to learn from, `diverged` where training destroyed the weights and
 *   there is no checkpoint to go back to; as `train` does
 */
export async function* trainStage(
  context: TrainingContext,
  failures: readonly MinedFailure[],
  before: Evaluation,
): AsyncGenerator<RunEvent, void, undefined> {
  const { task, engine, openReference, spec, plan, folder, store, signal } = context;
  const { train: settings, stepsPerCheckpoint } = plan;
  const { steps: total } = settings;
  const checkpoints = join(folder, "checkpoints");
  const ended = store.trainingEnd();
  if (ended !== undefined) {
    await loadCheckpoint(engine, await checkpointOf(checkpoints, ended.measured));
    return;
  }
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
  /** Of all steps so far. */
  const figures = [...store.steps()];
  const rails = await createRails(context, checkpoints, figures);
  if (checkpoint !== undefined) await pruneCheckpoints(checkpoints, firstStep, rails.kept(firstStep));
  if (firstStep >= total) {
    yield* rails.finish();
    return;
  }

  yield { kind: "stage", stage: "train" };
  let last: StepReport | undefined;
  let sampledTokens = 0;
  const watch = createWatch();
  figures.forEach(watch);
  const look = createLook(context, before, figures);

  async function* save(step: number): AsyncGenerator<RunEvent, void, undefined> {
    yield* rails.score(step);
    const kept = rails.kept(step);
    const saved = await saveCheckpoint(checkpoints, engine, step, { key: store.key, plan }, kept).catch(
      (cause) => {
        throw writeFailed(checkpoints, cause);
      },
    );
    yield { kind: "checkpoint", step, folder: saved.dir };
  }

  // The KL penalty compares with the weights from before training, which the trained engine forgets.
  const second =
    settings.klCoefficient === 0 || engine.initial !== undefined ? undefined : await openReference();
  const reference = settings.klCoefficient === 0 ? undefined : (engine.initial ?? second);
  try {
    if (checkpoint === undefined && rails.choosesFromStart) yield* save(0);
    const limits = limitsOf(spec, task);
    const chosen = {
      ...settings,
      ...retrySettings(spec),
      limits,
      firstStep,
      signal,
      onSampled: look.take,
      ...(reference === undefined ? {} : { reference }),
    };
    for await (const report of withPulse(train(task, engine, failures, chosen), PULSE_MS)) {
      if (report !== undefined) {
        last = report;
        sampledTokens += report.sampledTokens;
        store.addStep(report);
        yield* look.events();
        yield { kind: "step", report };
        const { step } = report;
        const told = figuresOf(report);
        figures.push(told);
        const { warnings, collapse } = watch(told);
        for (const warning of warnings) yield { kind: "warning", ...warning };
        if (collapse !== undefined && rails.stops) {
          yield* rails.diverged(step);
          return;
        }
        if (step % stepsPerCheckpoint === 0 || step === total) yield* save(step);
      }
      // Of sampling alone, the last step's: the update between two of them samples nothing.
      const tokensPerSecond = last === undefined ? 0 : last.sampledTokens / last.seconds.sampling;
      const done = last?.step ?? firstStep;
      const progress = { done, total, report: last, ...waiting(engine), sampledTokens, tokensPerSecond };
      yield { kind: "progress", stage: "train", unit: "steps", ...progress };
    }
    yield* rails.finish();
  } catch (error) {
    yield* look.events();
    if (!RrrError.is(error, "diverged") || !rails.stops || signal.aborted) throw error;
    yield* rails.diverged((last?.step ?? firstStep) + 1, error);
  } finally {
    await second?.close();
  }
}
