import type { IsolationSettings } from "@rrr/plugins";
import { startRun, type TrainingRequest } from "@rrr/runs";
import {
  type EngineFlags,
  type LoraFlags,
  type RemoteEngineFlags,
  toRemoteEngineSpec,
} from "../commands/engine-options.ts";
import type { LimitFlags, RequestedLimits } from "../commands/limit-options.ts";
import { type RetryFlags, toRetryRequest } from "../commands/retry-options.ts";
import { type TaskFlags, toTaskOptions } from "../commands/task-options.ts";
import type { TrainFlags } from "../commands/train-options.ts";
import { complain } from "../output/print.ts";
import { follow, type OutputFlags } from "./follow.ts";

/** The options of `rrr run`. */
export interface RunFlags
  extends TaskFlags,
    IsolationSettings,
    EngineFlags,
    LoraFlags,
    RemoteEngineFlags,
    LimitFlags,
    RetryFlags,
    TrainFlags,
    OutputFlags {
  readonly seed: number;
  readonly limit?: number;
  readonly model: string;
  readonly out?: string;
  readonly train: boolean;
  /** Per cent. */
  readonly maxErrored?: number;
}

/** `rrr run` */
export async function run(module: string, flags: RunFlags, limits: RequestedLimits): Promise<void> {
  const { model, isolate, out, train } = flags;
  const task = { module, options: toTaskOptions(flags), ...(isolate === undefined ? {} : { isolate }) };
  const engine = toRemoteEngineSpec(flags);
  const plan = train ? toTrainingRequest(flags) : toEvaluationRequest(flags);
  const request = { task, model, engine, plan, ...toRetryRequest(flags), ...limits };
  await follow(() => startRun(request, { out, onWarning: complain }), flags);
}

function toTrainingRequest(flags: RunFlags): TrainingRequest {
  const { seed, limit: problems, settings, checkpointEvery: stepsPerCheckpoint, failures, attempts } = flags;
  const { learningRate, warmup, schedule: decay, clip, kl: klCoefficient } = flags;
  const { reward, steps, failuresPerStep, groupSize, updates, normalization, advantageScale } = flags;
  const { advantageBaseline, surrogate, klPenalty, entropy, importanceCap, refills } = flags;
  const { weightDecay, maxGradNorm, maxErrored, keepCheckpoints: checkpoints, keepBest, force } = flags;
  return given({
    ...{ kind: "train", seed, settings, problems, stepsPerCheckpoint, checkpoints, keepBest, force },
    mostErrored: maxErrored === undefined ? undefined : maxErrored / 100,
    mining: given({ limit: failures, attempts }),
    train: given({
      ...{ reward, steps, failuresPerStep, groupSize, updates, normalization, advantageScale },
      ...{ clipLow: clip?.[0], clipHigh: clip?.[1], klCoefficient, weightDecay, maxGradNorm },
      ...{ advantageBaseline, surrogate, klPenalty, entropyCoefficient: entropy, importanceCap, refills },
      schedule: given({ learningRate, warmup, decay }),
    }),
  });
}

/** What was said. */
function given<Of extends object>(of: Of): { [Name in keyof Of]: Exclude<Of[Name], undefined> } {
  return Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined)) as never;
}

/** Without training: what the evaluations before and after it would be. */
function toEvaluationRequest({ seed, limit = 500, maxErrored }: RunFlags) {
  const mostErrored = maxErrored === undefined ? {} : { mostErrored: maxErrored / 100 };
  return { kind: "evaluate", seed, problems: limit, evaluation: { greedy: true }, ...mostErrored } as const;
}
