import {
  RETRY_LAYOUTS,
  type RolloutSettings,
  type SettingCheck,
  type SettingChecks,
  setting,
  type TaskLimits,
} from "@rrr/core";

/** The longest that a timer can wait. */
const LONGEST_MS = 2 ** 31 - 1;

export const LIMIT_CHECKS: SettingChecks<TaskLimits> = {
  attempt: setting.wholeNumber(1),
  reflection: setting.wholeNumber(1),
  retry: setting.optional(setting.wholeNumber(1)),
  // A task's own limits may be given as they are.
  for: setting.optional(setting.oneOf(["builtin", "unknown"])),
};

export const SIGNAL_CHECK: SettingCheck = setting.optional(
  setting.thatIs(
    (value) => typeof (value as { aborted?: unknown } | null)?.aborted === "boolean",
    "an AbortSignal",
  ),
);

/** What all that samples with a task has in common. */
export const ROLLOUT_CHECKS: SettingChecks<Omit<RolloutSettings, "temperature" | "rounds">> = {
  seed: setting.wholeNumber(0),
  retryTemperature: setting.optional(setting.number(0)),
  retryLayout: setting.optional(setting.oneOf(RETRY_LAYOUTS)),
  limits: setting.optional(setting.group(LIMIT_CHECKS)),
  verifyTimeoutMs: setting.optional(setting.number(0, LONGEST_MS)),
  signal: SIGNAL_CHECK,
};
