import { expect, test } from "vitest";
import { checkTrainSettings } from "./check-train-settings.ts";
import { TRAIN_SETTINGS, type TrainSettings } from "./train-settings.ts";

const check = (changed: Partial<TrainSettings>) => () =>
  checkTrainSettings({ ...TRAIN_SETTINGS.builtin, ...changed });

test.each<[Partial<TrainSettings>, string]>([
  [{ surrogate: "gspo" }, "surrogate is gspo and normalization dapo"],
  [{ surrogate: "gspo", normalization: "dr_grpo" }, "surrogate is gspo and normalization dr_grpo"],
  [{ klPenalty: "k1-loss" as never, klCoefficient: 1 }, "the expected gradient of k1"],
  [{ klPenalty: "k3-reward" as never, klCoefficient: 1 }, "the pull of k3 to the reference vanishes near it"],
  [{ klPenalty: "k2-loss" as never, klCoefficient: 1 }, 'klPenalty is "k2-loss"'],
  [{ klPenalty: "k1-reward" }, "klPenalty is k1-reward and klCoefficient is 0"],
  [{ klPenalty: "k1-reward", klCoefficient: 1, refills: 2 }, "nothing is refilled"],
  [{ importanceCap: 0.5 }, "importanceCap is 0.5"],
  [{ surrogate: "sapo" as never }, 'surrogate is "sapo"'],
  [{ advantageBaseline: "median" as never }, 'advantageBaseline is "median"'],
  [{ entropyCoefficient: -1 }, "entropyCoefficient is -1"],
  [{ refills: 0.5 }, "refills is 0.5"],
])("%o is refused by name", (changed, message) => {
  expect(check(changed)).toThrow(
    expect.objectContaining({ code: "bad-argument", message: expect.stringContaining(message) }),
  );
});

test.each<Partial<TrainSettings>>([
  { surrogate: "gspo", normalization: "grpo", clipLow: 3e-4, clipHigh: 4e-4 },
  { surrogate: "cispo", clipLow: 1, clipHigh: 4, importanceCap: 2 },
  {
    klPenalty: "k1-reward",
    klCoefficient: 0.001,
    advantageBaseline: "leave-one-out",
    advantageScale: "none",
  },
  { entropyCoefficient: 0.01, refills: 3 },
])("%o is let through", (changed) => {
  expect(check(changed)).not.toThrow();
});
