import type { IsolationSettings } from "@rrr/plugins";
import { startRun, type TrainingRequest } from "@rrr/runs";
import type { NamedReward, TrainSettingsName } from "@rrr/trainer";
import { type TaskFlags, toTaskOptions } from "../commands/task-options.ts";
import { follow, type OutputFlags } from "./follow.ts";
import { printOutcome } from "./outcome.ts";

/** The options of `rrr run`. */
export interface RunFlags extends TaskFlags, IsolationSettings, OutputFlags {
  readonly steps?: number;
  readonly seed: number;
  readonly limit?: number;
  readonly model: string;
  readonly settings: TrainSettingsName;
  readonly reward: NamedReward;
  readonly out?: string;
  readonly train: boolean;
}

/** `rrr run` */
export async function run(module: string, flags: RunFlags): Promise<void> {
  const { model, isolate, out, train } = flags;
  const task = { module, options: toTaskOptions(flags), ...(isolate === undefined ? {} : { isolate }) };
  const plan = train ? toTrainingRequest(flags) : toEvaluationRequest(flags);
  const result = await follow(() => startRun({ task, model, plan }, { out }), flags);
  printOutcome(result);
}

function toTrainingRequest({ seed, limit, settings, steps, reward }: RunFlags): TrainingRequest {
  return {
    ...{ kind: "train", seed, settings },
    ...(limit === undefined ? {} : { problems: limit }),
    train: { reward, ...(steps === undefined ? {} : { steps }) },
  };
}

/** Without training: what the evaluations before and after it would be. */
function toEvaluationRequest({ seed, limit = 500 }: RunFlags) {
  return { kind: "evaluate", seed, problems: limit, evaluation: { greedy: true } } as const;
}
