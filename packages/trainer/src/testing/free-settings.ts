import type { AdamSettings, Engine } from "../engine.ts";

/** What is left of settings without those that the engine has fixed. */
export function freeSettings(
  { capabilities: { fixed } }: Engine,
  settings: Omit<AdamSettings, "learningRate">,
): Omit<AdamSettings, "learningRate"> {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !(name in fixed)));
}

/**
 * An ε far above every gradient makes Adam's first step a plain one, against the gradient and of its size times the
 * rate divided by ε. @returns undefined for an engine that cannot take such a step
 */
export function plainStep({ capabilities: { fixed } }: Engine): ((size: number) => AdamSettings) | undefined {
  const { epsilon, weightDecay = 0, maxGradNorm = 0 } = fixed;
  if (epsilon !== undefined || weightDecay !== 0 || maxGradNorm !== 0) return undefined;
  return (size) => ({ learningRate: size * EPSILON, epsilon: EPSILON });
}

const EPSILON = 1e4;
