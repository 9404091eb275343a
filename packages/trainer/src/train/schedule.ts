import { type SettingChecks, setting } from "@rrr/core";

const DECAYS = ["constant", "linear", "cosine"] as const;

/** How the learning rate runs over training. */
export interface Schedule {
  /** The highest learning rate. */
  readonly learningRate: number;
  /** Share of all steps over which it rises linearly from near 0. */
  readonly warmup: number;
  /** How it falls afterwards: not at all, or to 0. */
  readonly decay: (typeof DECAYS)[number];
}

export const SCHEDULE_CHECKS: SettingChecks<Schedule> = {
  learningRate: setting.number(0),
  warmup: setting.number(0, 1),
  decay: setting.oneOf(DECAYS),
};

/** @param step counted from 0. */
export function learningRateAt(
  { learningRate, warmup, decay }: Schedule,
  step: number,
  steps: number,
): number {
  const warmupSteps = Math.round(warmup * steps);
  if (step < warmupSteps) return (learningRate * (step + 1)) / warmupSteps;
  const progress = (step - warmupSteps) / Math.max(1, steps - warmupSteps);
  switch (decay) {
    case "constant":
      return learningRate;
    case "linear":
      return learningRate * (1 - progress);
    case "cosine":
      return (learningRate * (1 + Math.cos(Math.PI * progress))) / 2;
  }
}
