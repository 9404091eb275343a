import { checkSettings, type SettingChecks, setting } from "@rrr/core";
import type { AdamSettings } from "../engine.ts";

const isDecay = (value: unknown): boolean => typeof value === "number" && value >= 0 && value < 1;
const decay = setting.optional(setting.thatIs(isDecay, "a number from 0 to below 1"));

const ADAM: SettingChecks<AdamSettings> = {
  learningRate: setting.number(0),
  beta1: decay,
  beta2: decay,
  epsilon: setting.optional(setting.number(0)),
  weightDecay: setting.optional(setting.number(0)),
  maxGradNorm: setting.optional(setting.number(0)),
};

/** @throws bad-argument for a step that is none: at a rate below 0 it climbs, at a beta of 1 every weight is lost. */
export function checkAdam(settings: AdamSettings): void {
  checkSettings("optimStep", settings, ADAM);
}
