/** Where the values of the named settings come from. */
import { TRAIN_SETTINGS, type TrainSettings, type TrainSettingsName } from "./train-settings.ts";

/**
 * `paper`: in the paper. `recalled`: said to be the paper's, not seen in it. `study`: of learning runs on one small real
 * model (docs/training.md). `ours`: chosen here.
 */
export type SettingSource = "paper" | "recalled" | "study" | "ours";

/** A value of the named settings; of the schedule, each field. */
export type NamedSetting = Exclude<keyof TrainSettings, "schedule"> | "learningRate" | "warmup" | "decay";

/** What is not ours. */
const SOURCES: Readonly<Record<TrainSettingsName, Readonly<Partial<Record<NamedSetting, SettingSource>>>>> = {
  builtin: {},
  "lora-small": {
    failuresPerStep: "study",
    groupSize: "study",
    klCoefficient: "study",
    learningRate: "study",
  },
  paper: {
    steps: "recalled",
    failuresPerStep: "recalled",
    learningRate: "recalled",
    warmup: "recalled",
    decay: "recalled",
    klCoefficient: "recalled",
    reward: "paper",
  },
};

/** The settings by name, each value with its source; what belongs to one run is left out. */
export function namedSettings(
  settings: TrainSettingsName,
): readonly { readonly name: NamedSetting; readonly value: unknown; readonly source: SettingSource }[] {
  const { schedule, seed: _, firstStep: __, ...others } = TRAIN_SETTINGS[settings];
  return Object.entries({ ...others, ...schedule }).map(([name, value]) => ({
    name: name as NamedSetting,
    value,
    source: SOURCES[settings][name as NamedSetting] ?? "ours",
  }));
}
