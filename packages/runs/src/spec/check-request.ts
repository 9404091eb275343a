import {
  checkSettings,
  RETRY_LAYOUTS,
  RrrError,
  type SettingCheck,
  type SettingChecks,
  setting,
  type TokenLimits,
} from "@rrr/core";
import { TRAIN_SETTINGS } from "@rrr/trainer";
import { checkBody, checkHeaders } from "./check-model-fields.ts";
import type { RunRetry } from "./run-retry.ts";
import type { EngineSpec, ModelSpec, TaskSpec } from "./run-spec.ts";
import type { EvaluationRequest, RunRequest, TrainingRequest } from "./to-run-spec.ts";

const text = setting.thatIs((value) => typeof value === "string" && value.trim() !== "", "a text");
const options = setting.thatIs(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "an object",
);
/** What a run says once, keeps elsewhere or cannot keep. */
const NOT_OF_A_PLAN = [
  "seed",
  "signal",
  "limits",
  "verifyTimeoutMs",
  "retryLayout",
  "retryTemperature",
  "temperature",
  "rounds",
  "reference",
  "firstStep",
  "after",
  "onSampled",
];

const ELSEWHERE: Readonly<Record<string, string>> = {
  seed: "The plan has one seed for all.",
  retryLayout: "A run has one for all: retry.layout.",
  retryTemperature: "A run has one for all: retry.temperature.",
};

/** Settings of the trainer; their values are checked as the trainer checks them. */
function settingsBut(...allowed: readonly string[]): SettingCheck {
  return (name, value) => {
    options(name, value);
    const wrong = Object.keys(value as object).find(
      (key) => NOT_OF_A_PLAN.includes(key) && !allowed.includes(key),
    );
    if (wrong === undefined) return;
    const hint = ELSEWHERE[wrong] ?? "A run decides it itself.";
    throw new RrrError("bad-argument", `${name} has no setting "${wrong}"`, { hint });
  };
}

const bar = setting.group({
  measure: text,
  share: setting.number(0, 1),
});
const optional = setting.optional;

const TASK: SettingChecks<Omit<TaskSpec, "presetFrom">> = {
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
  reasoningEffort: optional(text),
  timeoutMs: optional(setting.wholeNumber(1)),
  stream: optional(setting.boolean()),
  headers: optional(checkHeaders),
  body: optional(checkBody),
};

const ENGINE: SettingChecks<EngineSpec> = { name: text, options: optional(options) };

const EVALUATION: SettingChecks<EvaluationRequest> = {
  kind: setting.oneOf(["evaluate", "train"]),
  seed: optional(setting.wholeNumber(0)),
  problems: optional(setting.wholeNumber(1)),
  evaluation: optional(settingsBut("temperature", "rounds")),
  mostErrored: optional(setting.number(0, 1)),
  bars: optional((name, value) => {
    setting.thatIs(Array.isArray, "a list")(name, value);
    for (const [i, each] of (value as readonly unknown[]).entries()) bar(`${name}.${i}`, each);
  }),
};

const TRAINING: SettingChecks<TrainingRequest> = {
  kind: setting.oneOf(["evaluate", "train"]),
  seed: optional(setting.wholeNumber(0)),
  problems: optional(setting.wholeNumber(1)),
  settings: optional(setting.oneOf(Object.keys(TRAIN_SETTINGS))),
  evaluation: optional(settingsBut("temperature", "rounds")),
  mining: optional(settingsBut()),
  train: optional((name, value) => {
    settingsBut()(name, value);
    const { reward, schedule } = value as { readonly reward?: unknown; readonly schedule?: unknown };
    if (schedule !== undefined) options(`${name}.schedule`, schedule);
    setting.optional(setting.oneOf(["retry", "random"]))(`${name}.reward`, reward);
  }),
  stepsPerCheckpoint: optional(setting.wholeNumber(1)),
  checkpoints: optional(setting.wholeNumber(1)),
  keepBest: optional(setting.wholeNumber(0)),
  force: optional(setting.boolean()),
  mostErrored: optional(setting.number(0, 1)),
};

const LIMITS: SettingChecks<Partial<TokenLimits>> = {
  attempt: optional(setting.wholeNumber(1)),
  reflection: optional(setting.wholeNumber(1)),
  retry: optional(setting.wholeNumber(1)),
};

const RETRY: SettingChecks<Partial<RunRetry>> = {
  layout: optional(setting.oneOf(RETRY_LAYOUTS)),
  temperature: optional(setting.number(0)),
};

const CONFIGURABLE = setting.oneOf(["preset", ...Object.keys(LIMITS)]);

const REQUEST: SettingChecks<RunRequest> = {
  task: textOr(TASK),
  model: optional(textOr(MODEL)),
  engine: optional(textOr(ENGINE)),
  plan: (name, value) => {
    const isTraining = (value as { readonly kind?: unknown } | null)?.kind === "train";
    setting.group(isTraining ? TRAINING : EVALUATION)(name, value);
  },
  limits: optional(setting.group(LIMITS)),
  retry: optional(setting.group(RETRY)),
  configured: optional((name, value) => {
    setting.thatIs(Array.isArray, "a list")(name, value);
    for (const each of value as readonly unknown[]) CONFIGURABLE(name, each);
  }),
};

/** What of a request is unknown or out of range is refused by name. @throws RrrError `bad-argument` */
export function checkRequest(request: RunRequest): void {
  options("a run", request);
  checkSettings("a run", request, REQUEST);
}

/** A name alone, or with more about it. */
function textOr(checks: Readonly<Record<string, SettingCheck>>): SettingCheck {
  return (name, value) => {
    if (typeof value === "string") text(name, value);
    else setting.group(checks)(name, value);
  };
}
