import { RrrError } from "@rrr/core";
import type { AdamSettings, Engine, Normalization } from "./engine.ts";

/** What a run asks of an engine; what is left out is not asked for. */
export interface AskedOfEngine extends Partial<Omit<AdamSettings, "learningRate">> {
  readonly normalization?: Normalization;
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
  const { normalization } = asked;
  if (normalization === undefined || normalizations.includes(normalization)) return;
  const known = normalizations.length === 0 ? "none" : normalizations.join(", ");
  throw new RrrError("bad-argument", `engine "${name}" cannot normalise by ${normalization}`, {
    hint: `Set normalization to one that it has: ${known}. Or take another engine.`,
  });
}
