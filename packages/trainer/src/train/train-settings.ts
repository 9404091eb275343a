import type { Episode, RolloutSettings } from "@rrr/core";
import type { Engine, Surrogate } from "../engine.ts";
import type { StepFigures } from "../watch/step-figures.ts";
import type { Schedule } from "./schedule.ts";

export const NAMED_REWARDS = ["retry", "random"] as const;
export const NORMALIZATIONS = ["grpo", "dapo", "dr_grpo"] as const;
export const ADVANTAGE_SCALES = ["std", "none"] as const;
export const ADVANTAGE_BASELINES = ["mean", "leave-one-out"] as const;
export const KL_PENALTIES = ["k3-loss", "k1-reward"] as const;

/** Rewards that have a name, so that they can be written down with a run. */
export type NamedReward = (typeof NAMED_REWARDS)[number];

/**
 * A custom reward: a finite number, or undefined to leave the episode out of its group. It is asked once for
 * each episode whose retry has a verdict, before advantages are taken, and must depend on nothing but the episode.
 * @example const brief: RewardFunction = ({ reflection: { retry } }) => (retry.verdict.kind === "pass" ? 1 : 0);
 */
export type RewardFunction<Item = unknown> = (
  episode: Extract<Episode<Item>, { readonly kind: "reflected" }>,
) => number | undefined;

/**
 * Settings of Reflect, Retry, Reward. Reflections are always sampled at temperature 1: only there are the sampled
 * log-probabilities those of the policy that is trained. Retries are not trained; `retryTemperature` is 1 too by default.
 */
export interface TrainSettings<Item = unknown> extends Omit<RolloutSettings, "temperature" | "rounds"> {
  readonly steps: number;
  /** Steps already done, when a run is resumed. */
  readonly firstStep: number;
  readonly failuresPerStep: number;
  /** G: reflections, and retries, per failure. */
  readonly groupSize: number;
  readonly schedule: Schedule;
  /** Optimiser updates on each step's rollouts. With 1 the ratio π/π_old is 1 and nothing is ever clipped. */
  readonly updates: number;
  /** What is made of ratio and advantage: see `Surrogate`. Absent: `ppo`. */
  readonly surrogate?: Surrogate;
  /** The ratio is kept within [1 − clipLow, 1 + clipHigh]; a larger `clipHigh` is DAPO's clip-higher. */
  readonly clipLow: number;
  readonly clipHigh: number;
  /** How the loss is averaged: see `PolicyGradientLoss`. */
  readonly normalization: (typeof NORMALIZATIONS)[number];
  /** Whether advantages are divided by their group's standard deviation. */
  readonly advantageScale: (typeof ADVANTAGE_SCALES)[number];
  /**
   * What rewards are compared with: the mean of the group, or of its other members (RLOO), which is the same times
   * G / (G − 1). Absent: `mean`.
   */
  readonly advantageBaseline?: (typeof ADVANTAGE_BASELINES)[number];
  /** β. Not 0: needs `reference`. */
  readonly klCoefficient: number;
  /**
   * Where β holds. `k3-loss`: β·k3 is added to each token's loss. `k1-reward`: β·Σ(log π_old − log π_ref) over a
   * reflection's tokens is subtracted from its reward, before advantages are taken. Absent: `k3-loss`.
   */
  readonly klPenalty?: (typeof KL_PENALTIES)[number];
  /** Of the mean entropy of the tokens' whole distributions, subtracted from the loss. Absent: 0. */
  readonly entropyCoefficient?: number;
  /**
   * C of truncated importance weights: where the engine samples with other arithmetic than it trains with, each
   * token's advantage is multiplied by min(π_old/π_sampler, C), and π_old is what `forward` says. 0, or absent: π_old
   * is what the sampler says.
   */
  readonly importanceCap?: number;
  /**
   * Times that groups with equal rewards are replaced by groups on further failures, until `failuresPerStep` groups
   * carry a signal (DAPO's dynamic sampling). Each time costs as much sampling as there are groups to replace.
   * 0, or absent: they are dropped.
   */
  readonly refills?: number;
  /**
   * The frozen policy that the KL penalty holds on to: `initial` of an engine that has it, else a second engine with the
   * weights from before training, since the trained engine forgets them with its first update.
   */
  readonly reference?: Pick<Engine, "forward">;
  readonly maxGradNorm: number;
  readonly weightDecay: number;
  /**
   * What a reflection earns. `retry`: 1 if its retry passed, else 0. `random`: the negative control, a coin with the
   * mean of the true rewards; nothing may improve. A function is no longer the method of the paper.
   */
  readonly reward: NamedReward | RewardFunction<Item>;
  /** Is told what a step has sampled, before anything is learned of it. What it throws ends training there. */
  readonly onSampled?: (sampled: StepFigures) => void;
}

export type TrainSettingsName = "builtin" | "lora-small" | "paper";

const common = {
  seed: 0,
  firstStep: 0,
  groupSize: 8,
  updates: 1,
  clipLow: 0.2,
  clipHigh: 0.2,
  advantageScale: "std",
  maxGradNorm: 1,
  weightDecay: 0,
  reward: "retry",
} as const;

/**
 * `builtin` suits the built-in models on a few CPU cores. `lora-small` is for an adapter beside a model of some hundred
 * million weights. `paper` is what is known of the paper's settings; its group size and temperature are not published,
 * 8 and 1 are ours. Where each value comes from: `namedSettings`.
 * @see https://arxiv.org/abs/2505.24726
 */
export const TRAIN_SETTINGS: Readonly<Record<TrainSettingsName, TrainSettings>> = {
  builtin: {
    ...common,
    steps: 100,
    failuresPerStep: 24,
    schedule: { learningRate: 3e-4, warmup: 0.03, decay: "constant" },
    normalization: "dapo",
    klCoefficient: 0,
  },
  "lora-small": {
    ...common,
    steps: 60,
    failuresPerStep: 8,
    schedule: { learningRate: 3e-4, warmup: 0.03, decay: "constant" },
    normalization: "dapo",
    klCoefficient: 0.03,
  },
  paper: {
    ...common,
    steps: 1_750,
    failuresPerStep: 256,
    schedule: { learningRate: 5e-7, warmup: 0.03, decay: "cosine" },
    normalization: "grpo",
    klCoefficient: 0.001,
  },
};
