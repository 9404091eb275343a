import {
  type RetryLayout,
  type RolloutSettings,
  retryLayoutOf,
  type Task,
  type TokenLimits,
} from "@rrr/core";

/** Controls that are a retry without a reflection: after the failed attempt, or as a fresh attempt. */
export type RetryControl = "blind" | "fresh";

/** All that a retry's conditions depend on. */
export interface RetryConditions extends Pick<RolloutSettings, "temperature" | "retryTemperature"> {
  readonly layout: RetryLayout;
  readonly limits: TokenLimits;
}

/** The conditions of a task's retries under these settings. */
export function retryConditionsOf<Item>(task: Task<Item>, settings: RolloutSettings): RetryConditions {
  return { ...settings, limits: settings.limits ?? task.limits, layout: retryLayoutOf(task, settings) };
}

/** Whether an attempt at a retry's temperature, of a retry's length, is one like the first. */
export function isSampledAlike({ temperature, retryTemperature, limits }: RetryConditions): boolean {
  const { attempt, retry = attempt } = limits;
  return (retryTemperature ?? temperature) === temperature && retry === attempt;
}

/**
 * The controls that show what a retry would have come to without a reflection. Where it is sampled otherwise than the first
 * attempt, a fresh attempt sampled like it may do as well as any reflection. Without the failed attempt before it, a blind
 * retry is that fresh attempt.
 */
export function retryControlsOf(conditions: RetryConditions): readonly RetryControl[] {
  if (conditions.layout === "note") return ["fresh"];
  return isSampledAlike(conditions) ? ["blind"] : ["blind", "fresh"];
}
