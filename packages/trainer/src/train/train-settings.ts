import type { Episode, RolloutSettings } from "@rrr/core";
import type { Engine } from "../engine.ts";
import type { Schedule } from "./schedule.ts";

export const NAMED_REWARDS = ["retry", "random"] as const;
export const NORMALIZATIONS = ["grpo", "dapo", "dr_grpo"] as const;
export const ADVANTAGE_SCALES = ["std", "none"] as const;

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
 * Settings of Reflect, Retry, Reward. Rollouts are always sampled at temperature 1: only there are the sampled
 * log-probabilities those of the policy that is trained.
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
  readonly clipLow: number;
  readonly clipHigh: number;
  /** How the loss is averaged: see `PolicyGradientLoss`. */
  readonly normalization: (typeof NORMALIZATIONS)[number];
  /** Whether advantages are divided by their group's standard deviation. */
  readonly advantageScale: (typeof ADVANTAGE_SCALES)[number];
  /** β. Not 0: needs `reference`. */
  readonly klCoefficient: number;
  /**
   * The frozen policy that the KL penalty holds on to: a second engine with the weights from before training,
   * since the trained engine forgets them with its first update.
   */
  readonly reference?: Engine;
  readonly maxGradNorm: number;
  readonly weightDecay: number;
  /**
   * What a reflection earns. `retry`: 1 if its retry passed, else 0. `random`: the negative control, a coin with the
   * mean of the true rewards; nothing may improve. A function is no longer the method of the paper.
   */
  readonly reward: NamedReward | RewardFunction<Item>;
}

export type TrainSettingsName = "builtin" | "paper";

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
 * `builtin` suits the built-in models on a few CPU cores. `paper` is what is known of the paper's settings; its
 * group size and temperature are not published, 8 and 1 are ours.
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
  paper: {
    ...common,
    steps: 1_750,
    failuresPerStep: 256,
    schedule: { learningRate: 5e-7, warmup: 0.03, decay: "cosine" },
    normalization: "grpo",
    klCoefficient: 0.001,
  },
};
