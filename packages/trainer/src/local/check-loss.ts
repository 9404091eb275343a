import { type SettingCheck, type SettingChecks, setting } from "@rrr/core";
import type { Loss, PolicyGradientLoss } from "../engine.ts";
import { SURROGATES } from "../surrogate.ts";

/** For each kind of a union, a check for every other field. */
type KindChecks<Union extends { readonly kind: string }> = {
  readonly [Kind in Union["kind"]]: SettingChecks<Omit<OfKind<Union, Kind>, "kind">>;
};

type OfKind<Union extends { readonly kind: string }, Kind> = Union extends unknown
  ? Kind extends Union["kind"]
    ? Union
    : never
  : never;

const NORMALIZATIONS: KindChecks<PolicyGradientLoss["normalization"]> = {
  grpo: {},
  dapo: {},
  dr_grpo: { sequences: setting.wholeNumber(1), maxTokens: setting.wholeNumber(1) },
};

const LOSSES: KindChecks<Loss> = {
  "cross-entropy": {},
  "policy-gradient": {
    clipLow: setting.number(0),
    clipHigh: setting.number(0),
    surrogate: setting.optional(setting.oneOf(SURROGATES)),
    klCoefficient: setting.number(0),
    entropyCoefficient: setting.optional(setting.number(0)),
    normalization: byKind(NORMALIZATIONS),
  },
};

/** @throws bad-argument for a loss that is none, whoever made it: nothing is computed under another one's name. */
export function checkLoss(loss: Loss): void {
  byKind(LOSSES)("loss", loss);
}

function byKind(kinds: Readonly<Record<string, Readonly<Record<string, SettingCheck>>>>): SettingCheck {
  return (name, value) => {
    const kind = setting.oneOf(Object.keys(kinds));
    kind(`${name}.kind`, (value as { readonly kind?: unknown } | null | undefined)?.kind);
    setting.group({ kind, ...kinds[(value as { readonly kind: string }).kind] })(name, value);
  };
}
