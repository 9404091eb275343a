import { RrrError } from "@rrr/core";
import type { AdamSettings, Engine, Normalization, Surrogate } from "./engine.ts";

/** What a run asks of an engine; what is left out is not asked for. */
export interface AskedOfEngine extends Partial<Omit<AdamSettings, "learningRate">> {
  readonly normalization?: Normalization;
  readonly surrogate?: Surrogate;
  readonly entropyCoefficient?: number;
}

const OPTIMISER = ["beta1", "beta2", "epsilon", "weightDecay", "maxGradNorm"] as const;

/**
 * Refuses a setting that an engine cannot honour, before anything is sampled or trained: none is ignored in silence.
 * @throws bad-argument, naming the setting
 */
export function checkCapabilities(
  { name, capabilities }: Pick<Engine, "name" | "capabilities">,
  asked: AskedOfEngine,
): void {
  const { fixed, normalizations } = capabilities;
  for (const setting of OPTIMISER) {
    const [value, only] = [asked[setting], fixed[setting]];
    if (value === undefined || only === undefined || value === only) continue;
    throw new RrrError(
      "bad-argument",
      `${setting} is ${value}, and engine "${name}" has it fixed at ${only}`,
      {
        hint: `Set ${setting} to ${only}, or take another engine.`,
      },
    );
  }
  const { normalization, surrogate = "ppo", entropyCoefficient = 0 } = asked;
  if (normalization !== undefined && !normalizations.includes(normalization)) {
    throw new RrrError("bad-argument", `engine "${name}" cannot normalise by ${normalization}`, {
      hint: `Set normalization to one that it has: ${listed(normalizations)}. Or take another engine.`,
    });
  }
  const { surrogates = ["ppo"], entropy = false } = capabilities;
  if (!surrogates.includes(surrogate)) {
    throw new RrrError("bad-argument", `engine "${name}" does not have the surrogate ${surrogate}`, {
      hint: `Set surrogate to one that it has: ${listed(surrogates)}. Or take another engine.`,
    });
  }
  if (entropyCoefficient !== 0 && !entropy) {
    throw new RrrError(
      "bad-argument",
      `entropyCoefficient is ${entropyCoefficient}, and engine "${name}" has no entropy of whole distributions`,
      { hint: "Set entropyCoefficient to 0, or take another engine." },
    );
  }
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.join(", ");
}
