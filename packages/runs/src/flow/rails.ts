import { RrrError } from "@rrr/core";
import { checkpointOf, type KeptCheckpoints, loadCheckpoint, type StepFigures } from "@rrr/trainer";
import { checkpointsOf, stepOfCheckpoint } from "../prune/run-files.ts";
import { bestByRetries, bestProbe } from "./best-checkpoint.ts";
import type { RunEvent } from "./events.ts";
import { probe, probeItems } from "./probe.ts";
import type { TrainingContext } from "./run-context.ts";

/** What keeps the best checkpoint, and goes back to it. */
export interface Rails {
  /** Whether training ends where it has destroyed the policy. */
  readonly stops: boolean;
  /** Whether the weights from before training are a choice too. */
  readonly choosesFromStart: boolean;
  /** Measures the weights of a step, where problems are set apart for that. */
  score(step: number): AsyncGenerator<RunEvent, void, undefined>;
  /** What stays when the checkpoint of this step is saved. */
  kept(step: number): KeptCheckpoints;
  /** All steps are done. */
  finish(): AsyncGenerator<RunEvent, void, undefined>;
  /** Training ends at this step. @throws RrrError `diverged` where there is no checkpoint to go back to */
  diverged(step: number, error?: RrrError): AsyncGenerator<RunEvent, void, undefined>;
}

/** A run of an earlier version has none: it keeps two checkpoints, and the last one counts. */
const NONE = { stops: false, checkpoints: 2, probe: 0 } as const;

/**
 * @param root folder of the checkpoints
 * @param figures of all steps so far: it grows with them
 */
export async function createRails(
  context: TrainingContext,
  root: string,
  figures: readonly StepFigures[],
): Promise<Rails> {
  const { task, plan, heldOut, folder, store, engine } = context;
  const { stops, checkpoints: newest, probe: count } = plan.rails ?? NONE;
  const items = await probeItems(task, plan, heldOut, count);
  const saved = (): readonly number[] => checkpointsOf(folder).map(stepOfCheckpoint);
  const best = (): number | undefined =>
    items.length > 0 ? bestProbe(store.probes())?.step : bestByRetries(saved(), figures);

  async function* goBack(measured: number, diverged?: number): AsyncGenerator<RunEvent, void, undefined> {
    const checkpoint = await checkpointOf(root, measured);
    await loadCheckpoint(engine, checkpoint);
    store.endTraining({ measured, ...(diverged === undefined ? {} : { diverged }) });
    yield { kind: "measured", step: measured, folder: checkpoint.dir };
  }

  return {
    stops,
    // A collapse may come before the first checkpoint: then the best weights are those from before it.
    choosesFromStart: items.length > 0 || stops,
    async *score(step) {
      if (items.length === 0) return;
      const score = await probe(context, items, step);
      yield { kind: "probe", ...score, isBest: best() === step };
    },
    kept(step) {
      if (plan.rails === undefined) return { newest };
      const wanted = best();
      return { newest, steps: wanted === undefined || wanted === step ? [] : [wanted] };
    },
    async *finish() {
      const measured = items.length > 0 ? best() : undefined;
      if (measured !== undefined) yield* goBack(measured);
    },
    async *diverged(step, error) {
      const measured = best();
      if (measured === undefined) {
        if (error !== undefined) throw error;
        throw new RrrError(
          "diverged",
          `training destroyed the policy by step ${step}, before any checkpoint`,
          {
            hint: "Lower --learning-rate, add --kl 0.03, or save more often with --checkpoint-every.",
          },
        );
      }
      yield { kind: "diverged", step };
      yield* goBack(measured, step);
    },
  };
}
