import type { IsolationSettings } from "@rrr/plugins";
import {
  DEFAULT_MINING_SETTINGS,
  type NamedReward,
  TRAIN_SETTINGS,
  type TrainSettings,
  type TrainSettingsName,
} from "@rrr/trainer";
import type { TaskFlags } from "../commands/task-options.ts";

/** Held-out problems where nothing else is said: enough for intervals of about ±4 points. */
const HELD_OUT_PROBLEMS = 500;
/** A checkpoint every so many steps: what an interrupted run loses at most. */
const STEPS_PER_CHECKPOINT = 10;

/** The options of `rrr run`. */
export interface RunFlags extends TaskFlags, IsolationSettings {
  readonly steps?: number;
  readonly seed: number;
  readonly limit?: number;
  readonly model: string;
  readonly settings: TrainSettingsName;
  readonly reward: NamedReward;
  readonly out?: string;
  readonly train: boolean;
  readonly quiet?: true;
  readonly json?: true;
}

/** What a run will do, with nothing left open; kept in the run store. */
export interface RunPlan {
  readonly seed: number;
  /** Held-out problems at most; a task may have fewer. */
  readonly heldOut: number;
  /** Failures to collect at most. */
  readonly failures: number;
  /** Undefined: evaluate only. */
  readonly train: (TrainSettings & { readonly reward: NamedReward }) | undefined;
  readonly stepsPerCheckpoint: number;
}

export function toRunPlan(flags: RunFlags): RunPlan {
  const { seed, reward } = flags;
  const named = TRAIN_SETTINGS[flags.settings];
  const train = { ...named, seed, reward, steps: flags.steps ?? named.steps };
  return {
    seed,
    heldOut: flags.limit ?? HELD_OUT_PROBLEMS,
    // A short run looks at each failure once at most; there is no use in collecting more.
    failures: Math.min(DEFAULT_MINING_SETTINGS.limit, train.steps * train.failuresPerStep),
    train: flags.train ? train : undefined,
    stepsPerCheckpoint: STEPS_PER_CHECKPOINT,
  };
}
