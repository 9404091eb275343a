import { checkSettings, RrrError, type SettingChecks, setting } from "@rrr/core";
import { checkCapabilities } from "./check-capabilities.ts";
import type { Datum, Engine } from "./engine.ts";
import { SIGNAL_CHECK } from "./rollout-checks.ts";
import { learningRateAt, SCHEDULE_CHECKS, type Schedule } from "./train/schedule.ts";

export interface PretrainSettings {
  readonly steps: number;
  /** Steps already done, when a run is resumed. */
  readonly firstStep: number;
  readonly schedule: Schedule;
  readonly beta2: number;
  readonly weightDecay: number;
  readonly maxGradNorm: number;
  readonly signal?: AbortSignal;
}

/** Suits decoders of about a million parameters. */
export const DEFAULT_PRETRAIN_SETTINGS: PretrainSettings = {
  steps: 10_000,
  firstStep: 0,
  schedule: { learningRate: 1.5e-3, warmup: 0.02, decay: "linear" },
  beta2: 0.98,
  weightDecay: 0.01,
  maxGradNorm: 1,
};

const CHECKS: SettingChecks<PretrainSettings> = {
  steps: setting.wholeNumber(1),
  firstStep: setting.wholeNumber(0),
  schedule: setting.group(SCHEDULE_CHECKS),
  beta2: setting.thatIs(
    (value) => Number.isFinite(value) && (value as number) >= 0 && (value as number) < 1,
    "a number from 0 to below 1",
  ),
  weightDecay: setting.number(0),
  maxGradNorm: setting.number(0),
  signal: SIGNAL_CHECK,
};

/** Everything but `seconds` is the same for the same batches. */
export interface PretrainReport {
  /** Counted from 1. */
  readonly step: number;
  readonly steps: number;
  /** Mean cross-entropy of the weighted target tokens, nats. */
  readonly loss: number;
  /** Target tokens in the batch. */
  readonly tokens: number;
  readonly gradNorm: number;
  readonly learningRate: number;
  readonly seconds: number;
}

/**
 * Supervised next-token training with AdamW, one report a step.
 * @param nextBatch the batch of a step, counted from 0: a pure function of it, so that a run can be resumed
 * @throws bad-argument, also for a setting that the engine cannot honour, diverged, aborted
 */
export async function* pretrain(
  engine: Engine,
  nextBatch: (step: number) => readonly Datum[],
  settings: Partial<PretrainSettings> = {},
): AsyncGenerator<PretrainReport, void, undefined> {
  const chosen = checkSettings("pretrain", { ...DEFAULT_PRETRAIN_SETTINGS, ...settings }, CHECKS);
  const { steps, firstStep, schedule, signal, ...adam } = chosen;
  checkCapabilities(engine, adam);
  for (let step = firstStep; step < steps; step++) {
    if (signal?.aborted) throw new RrrError("aborted", "pre-training was aborted", { cause: signal.reason });
    const started = performance.now();
    const { loss, tokens } = await engine.forwardBackward(nextBatch(step), { kind: "cross-entropy" });
    const learningRate = learningRateAt(schedule, step, steps);
    const { gradNorm } = await engine.optimStep({ learningRate, ...adam });
    const seconds = (performance.now() - started) / 1000;
    yield { step: step + 1, steps, loss, tokens, gradNorm, learningRate, seconds };
  }
}
