import { RrrError, setting } from "@rrr/core";
import { KL_PENALTIES, type TrainSettings } from "./train-settings.ts";

/** Penalties that have been proposed and do not hold on to the reference. */
const USELESS_PENALTIES: Readonly<Record<string, string>> = {
  // E[∇log π] is 0, and log π_ref has no gradient.
  "k1-loss": "the expected gradient of k1 = log π − log π_ref as a loss is 0, whatever the reference is",
  // E[k3·∇log π] = ∇KL(π‖π_ref) − ∇KL(π_ref‖π): near the reference the two cancel.
  "k3-reward": "in the reward, the pull of k3 to the reference vanishes near it",
};

/** @see `TrainSettings.klPenalty` */
export function checkKlPenalty(name: string, value: unknown): void {
  const why = typeof value === "string" ? USELESS_PENALTIES[value] : undefined;
  if (why !== undefined) {
    throw new RrrError("bad-argument", `${name} is "${value}": ${why}`, {
      hint: `It may be ${KL_PENALTIES.join(", ")}.`,
    });
  }
  setting.oneOf(KL_PENALTIES)(name, value);
}

/** Refuses settings that are each in their range and make no sense together. @throws RrrError `bad-argument` */
export function checkCombinations<Item>(settings: TrainSettings<Item>): void {
  const { surrogate, normalization, klPenalty, klCoefficient, importanceCap = 0, refills = 0 } = settings;
  if (surrogate === "gspo" && normalization !== "grpo") {
    refuse(
      `surrogate is gspo and normalization ${normalization}: one ratio for a sequence, and a weight by its length`,
      "Set normalization to grpo: the mean over sequences that GSPO is defined by.",
    );
  }
  if (klPenalty === "k1-reward" && klCoefficient === 0) {
    refuse(
      "klPenalty is k1-reward and klCoefficient is 0",
      "Set klCoefficient (--kl), or leave klPenalty out.",
    );
  }
  if (klPenalty === "k1-reward" && refills > 0) {
    refuse(
      `klPenalty is k1-reward and refills is ${refills}: with it no two rewards are equal, so nothing is refilled`,
      "Set klPenalty to k3-loss, or refills to 0.",
    );
  }
  if (importanceCap > 0 && importanceCap < 1) {
    refuse(
      `importanceCap is ${importanceCap}: below 1 it weakens tokens on which sampler and trainer agree`,
      "Set it to 0, which is off, or to at least 1: 2 is common.",
    );
  }
}

function refuse(message: string, hint: string): never {
  throw new RrrError("bad-argument", message, { hint });
}
