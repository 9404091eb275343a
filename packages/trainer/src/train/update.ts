import { type Reflection, RrrError, type TokenLimits } from "@rrr/core";
import type { Datum, Engine, LossReport, PolicyGradientLoss } from "../engine.ts";
import { type ImportanceReport, oldLogprobs, weighted } from "./importance.ts";
import { learningRateAt } from "./schedule.ts";
import type { TrainSettings } from "./train-settings.ts";

/** A reflection and what it is worth relative to its group: the only thing that can be learned from. */
export interface RewardedReflection {
  readonly reflection: Reflection;
  readonly advantage: number;
}

/** The last of the step's optimiser updates. */
export interface UpdateReport extends LossReport {
  /** L2 norm of the gradient before clipping. */
  readonly gradNorm: number;
  readonly learningRate: number;
  /** Of truncated importance weights; there where `importanceCap` is set. */
  readonly importance?: ImportanceReport;
}

/**
 * What reaches the engine: the conversation up to the request as context, the reflection's own sampled tokens as
 * targets, one advantage for all of them. A thought that the retry was not shown is context too. The retry is not in
 * it: later tokens cannot change the probability of earlier ones, and its own tokens are not trained.
 */
export function toDatum({ reflection, advantage }: RewardedReflection): Datum {
  const { tokens } = reflection.completion;
  if (tokens === undefined) {
    throw new RrrError("model-failed", "a reflection came without its tokens, so it cannot be trained on");
  }
  const { prompt, ids, logprobs, hidden = 0 } = tokens;
  const weights = new Float32Array(ids.length - hidden).fill(advantage);
  if (hidden === 0) return { prompt, targets: ids, logprobs, weights };
  const context = Int32Array.from([...prompt, ...ids.subarray(0, hidden)]);
  return { prompt: context, targets: ids.subarray(hidden), logprobs: logprobs.subarray(hidden), weights };
}

/**
 * Raises the probability of reflections with a positive advantage and lowers the others'.
 * @param step from 0
 * @param drawn reflections that the step sampled, those without a signal included
 */
export async function learn(
  engine: Engine,
  rewarded: readonly RewardedReflection[],
  settings: Omit<TrainSettings, "reward"> & { readonly limits: TokenLimits },
  step: number,
  drawn: number = settings.failuresPerStep * settings.groupSize,
): Promise<UpdateReport> {
  const { importanceCap: cap = 0, maxGradNorm, weightDecay } = settings;
  const sampled = rewarded.map(toDatum);
  const { data: trained, report: importance } =
    cap === 0
      ? { data: sampled, report: undefined }
      : weighted(sampled, await oldLogprobs(engine, sampled, settings), cap);
  const data = await withReference(trained, settings.reference);
  const loss = lossFor(settings, drawn);
  const learningRate = learningRateAt(settings.schedule, step, settings.steps);
  for (let update = 1; ; update++) {
    const report = await engine.forwardBackward(data, loss);
    const { gradNorm } = await engine.optimStep({ learningRate, maxGradNorm, weightDecay });
    if (update < settings.updates) continue;
    return { ...report, gradNorm, learningRate, ...(importance === undefined ? {} : { importance }) };
  }
}

/** The loss that the settings name. What is as by default is left out of it. */
function lossFor(
  settings: Omit<TrainSettings, "reward"> & { readonly limits: TokenLimits },
  drawn: number,
): PolicyGradientLoss {
  const { clipLow, clipHigh, klPenalty = "k3-loss", normalization, limits } = settings;
  const { surrogate = "ppo", entropyCoefficient = 0 } = settings;
  return {
    kind: "policy-gradient",
    ...(surrogate === "ppo" ? {} : { surrogate }),
    clipLow,
    clipHigh,
    klCoefficient: klPenalty === "k3-loss" ? settings.klCoefficient : 0,
    ...(entropyCoefficient === 0 ? {} : { entropyCoefficient }),
    normalization:
      normalization === "dr_grpo"
        ? { kind: normalization, sequences: drawn, maxTokens: limits.reflection }
        : { kind: normalization },
  };
}

async function withReference(
  data: readonly Datum[],
  reference: TrainSettings["reference"],
): Promise<readonly Datum[]> {
  if (reference === undefined) return data;
  const logprobs = await reference.forward(data);
  return data.map((datum, i) => ({ ...datum, reference: logprobs[i] as Float32Array }));
}
