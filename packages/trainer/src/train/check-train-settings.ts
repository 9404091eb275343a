import { checkSettings, RrrError, type SettingChecks, setting, type TokenLimits } from "@rrr/core";
import type { Engine } from "../engine.ts";
import { ROLLOUT_CHECKS } from "../rollout-checks.ts";
import { SURROGATES } from "../surrogate.ts";
import { checkCombinations, checkKlPenalty } from "./check-combinations.ts";
import { SCHEDULE_CHECKS } from "./schedule.ts";
import {
  ADVANTAGE_BASELINES,
  ADVANTAGE_SCALES,
  NAMED_REWARDS,
  NORMALIZATIONS,
  type TrainSettings,
} from "./train-settings.ts";

type WithLimits<Item> = TrainSettings<Item> & { readonly limits: TokenLimits };

const namedReward = setting.oneOf(NAMED_REWARDS, "a function of an episode");

const CHECKS: SettingChecks<TrainSettings> = {
  ...ROLLOUT_CHECKS,
  steps: setting.wholeNumber(1),
  firstStep: setting.wholeNumber(0),
  failuresPerStep: setting.wholeNumber(1),
  // A group of one has nothing to be compared with.
  groupSize: setting.wholeNumber(2),
  schedule: setting.group(SCHEDULE_CHECKS),
  updates: setting.wholeNumber(1),
  surrogate: setting.optional(setting.oneOf(SURROGATES)),
  clipLow: setting.number(0),
  clipHigh: setting.number(0),
  normalization: setting.oneOf(NORMALIZATIONS),
  advantageScale: setting.oneOf(ADVANTAGE_SCALES),
  advantageBaseline: setting.optional(setting.oneOf(ADVANTAGE_BASELINES)),
  klCoefficient: setting.number(0),
  klPenalty: setting.optional(checkKlPenalty),
  entropyCoefficient: setting.optional(setting.number(0)),
  importanceCap: setting.optional(setting.number(0)),
  refills: setting.optional(setting.wholeNumber(0)),
  reference: setting.optional(
    setting.thatIs((value) => typeof (value as Partial<Engine> | null)?.forward === "function", "an engine"),
  ),
  maxGradNorm: setting.number(0),
  weightDecay: setting.number(0),
  onSampled: setting.optional(setting.thatIs((value) => typeof value === "function", "a function")),
  reward: (name, value) => {
    if (typeof value !== "function") namedReward(name, value);
  },
};

/** Whether each setting is known and in its range, and all make sense together. @throws RrrError `bad-argument` */
export function checkTrainSettings<Item>(settings: TrainSettings<Item>): void {
  checkSettings("train", settings, CHECKS as SettingChecks<TrainSettings<Item>>);
  checkCombinations(settings);
}

/** Whether training can begin with them. @throws RrrError `no-failures`, `bad-argument` */
export function checkTraining<Item>(
  settings: WithLimits<Item>,
  failures: number,
  engine?: Engine,
): WithLimits<Item> {
  if (failures === 0) {
    throw new RrrError("no-failures", "there are no failed attempts to learn from", {
      hint: "Mine more problems, or harder ones: this model solves all that it was given.",
    });
  }
  checkTrainSettings(settings);
  if (settings.reference !== undefined && settings.reference === engine) {
    throw new RrrError("bad-argument", "the reference is the engine that is trained", {
      hint: "Pass its `initial`, or a second engine: the trained one forgets the weights from before training.",
    });
  }
  if (settings.klCoefficient !== 0 && settings.reference === undefined) {
    throw new RrrError(
      "bad-argument",
      `klCoefficient is ${settings.klCoefficient} but there is no reference`,
      {
        hint: "Pass a second engine with the weights from before training as `reference`, or set klCoefficient to 0 (--kl 0).",
      },
    );
  }
  return settings;
}
