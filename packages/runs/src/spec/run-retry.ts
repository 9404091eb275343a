/** How a run asks for retries: in which layout, and at which temperature. */
import {
  type RetryLayout,
  type RolloutSettings,
  retryLayoutOf,
  type Task,
  type TokenLimits,
} from "@rrr/core";
import { type RetryConditions, type RetryControl, retryControlsOf } from "@rrr/trainer";
import type { PlannedEvaluation, RunSpec } from "./run-spec.ts";

export interface RunRetry {
  readonly layout: RetryLayout;
  /** Absent: that of attempts and reflections, which is 1 in training. */
  readonly temperature?: number;
}

type WithRetry = Pick<RunSpec, "retry">;

/** As asked for, else as the task has it. */
export function resolveRetry(asked: Partial<RunRetry>, task: Pick<Task, "retryLayout">): RunRetry {
  const { layout = retryLayoutOf(task), temperature } = asked;
  return { layout, ...(temperature === undefined ? {} : { temperature }) };
}

/** As settings of rollouts. A run of an earlier version knew one layout and one temperature. */
export function retrySettings({
  retry = { layout: "conversation" },
}: WithRetry): Pick<RolloutSettings, "retryTemperature"> & { readonly retryLayout: RetryLayout } {
  const { layout, temperature } = retry;
  return { retryLayout: layout, ...(temperature === undefined ? {} : { retryTemperature: temperature }) };
}

/** The conditions of the retries of an evaluation. */
export function retryConditions(
  retry: RunRetry,
  { temperature }: Pick<PlannedEvaluation, "temperature">,
  limits: TokenLimits,
): RetryConditions {
  const { retryLayout: layout, ...sampled } = retrySettings({ retry });
  return { temperature, ...sampled, layout, limits };
}

/** The controls of its evaluations that are a retry without a reflection; undefined for a run of an earlier version. */
export function retryControls({
  retry,
  limits,
  plan,
}: Pick<RunSpec, "retry" | "limits" | "plan">): readonly RetryControl[] | undefined {
  if (retry === undefined || limits === undefined) return undefined;
  return retryControlsOf(retryConditions(retry, plan.evaluation, limits));
}
