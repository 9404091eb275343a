import { checkSettings, type SettingChecks, setting } from "@rrr/core";
import { ROLLOUT_CHECKS } from "../rollout-checks.ts";
import type { EvaluationSettings } from "./evaluation.ts";

const CHECKS: SettingChecks<EvaluationSettings> = {
  ...ROLLOUT_CHECKS,
  temperature: setting.number(0),
  rounds: setting.wholeNumber(1),
  samples: setting.wholeNumber(1),
  controls: setting.boolean(),
  greedy: setting.boolean(),
  concurrency: setting.wholeNumber(1),
};

/** Whether each setting is known and in its range. @returns `settings` @throws RrrError `bad-argument` */
export function checkEvaluationSettings(settings: EvaluationSettings): EvaluationSettings {
  return checkSettings("evaluate", settings, CHECKS);
}
