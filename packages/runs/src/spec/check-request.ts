import { checkSettings, type SettingCheck, type SettingChecks, setting } from "@rrr/core";
import { TRAIN_SETTINGS } from "@rrr/trainer";
import type { EngineSpec, ModelSpec, TaskSpec } from "./run-spec.ts";
import type { EvaluationRequest, RunRequest, TrainingRequest } from "./to-run-spec.ts";

const text = setting.thatIs((value) => typeof value === "string" && value.trim() !== "", "a text");
const options = setting.thatIs((value) => typeof value === "object" && value !== null, "an object");
const optional = setting.optional;

const TASK: SettingChecks<TaskSpec> = {
  module: text,
  options: optional(options),
  isolate: optional(setting.oneOf(["worker", "process", "none"])),
};

const MODEL: SettingChecks<ModelSpec> = {
  name: text,
  folder: optional(text),
  baseUrl: optional(text),
  apiKeyEnv: optional(text),
  concurrency: optional(setting.wholeNumber(1)),
  prices: optional(text),
  cache: optional(setting.boolean()),
};

const ENGINE: SettingChecks<EngineSpec> = { name: text, options: optional(options) };

const EVALUATION: SettingChecks<EvaluationRequest> = {
  kind: setting.oneOf(["evaluate", "train"]),
  seed: optional(setting.wholeNumber(0)),
  problems: optional(setting.wholeNumber(1)),
  evaluation: optional(options),
  bars: optional(setting.thatIs(Array.isArray, "a list")),
};

const TRAINING: SettingChecks<TrainingRequest> = {
  kind: setting.oneOf(["evaluate", "train"]),
  seed: optional(setting.wholeNumber(0)),
  problems: optional(setting.wholeNumber(1)),
  settings: optional(setting.oneOf(Object.keys(TRAIN_SETTINGS))),
  evaluation: optional(options),
  mining: optional(options),
  train: optional(options),
  stepsPerCheckpoint: optional(setting.wholeNumber(1)),
};

const REQUEST: SettingChecks<RunRequest> = {
  task: textOr(TASK),
  model: optional(textOr(MODEL)),
  engine: optional(textOr(ENGINE)),
  plan: (name, value) => {
    const isTraining = (value as { readonly kind?: unknown } | null)?.kind === "train";
    setting.group(isTraining ? TRAINING : EVALUATION)(name, value);
  },
};

/** What of a request is unknown or out of range is refused by name. @throws RrrError `bad-argument` */
export function checkRequest(request: RunRequest): void {
  checkSettings("a run", request, REQUEST);
}

/** A name alone, or with more about it. */
function textOr(checks: Readonly<Record<string, SettingCheck>>): SettingCheck {
  return (name, value) => {
    if (typeof value === "string") text(name, value);
    else setting.group(checks)(name, value);
  };
}
