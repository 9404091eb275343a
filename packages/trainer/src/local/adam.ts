/**
 * AdamW: Loshchilov and Hutter, *Decoupled Weight Decay Regularization*, arXiv 1711.05101, Algorithm 2, which
 * is Kingma and Ba, *Adam*, arXiv 1412.6980, with the decay taken out of the gradient.
 * As there: bias-corrected moments, ε outside the square root. Besides: the gradient is clipped to a global norm
 * first; the decay is multiplied by the learning rate (as PyTorch does) and applies to matrices alone, not to norms.
 */
import type { AdamSettings } from "../engine.ts";

/** All settings, with their defaults where nobody chose. */
export function adamSettings({
  learningRate,
  beta1 = 0.9,
  beta2 = 0.999,
  epsilon = 1e-8,
  weightDecay = 0,
  maxGradNorm = 0,
}: AdamSettings): Required<AdamSettings> {
  return { learningRate, beta1, beta2, epsilon, weightDecay, maxGradNorm };
}

/** First and second moment, and how many steps made them. Changed in place. */
export interface AdamState {
  step: number;
  readonly mean: Float32Array;
  readonly square: Float32Array;
}

/** Ranges [start, end) of the flat array that weight decay applies to. */
export type DecayRange = readonly [start: number, end: number];

/**
 * One step on `weights`, in place.
 * @param norm global L2 norm of `gradient`
 * @returns the largest absolute value that a weight now has; NaN where one is no number
 */
export function adamStep(
  weights: Float32Array,
  gradient: Float32Array,
  norm: number,
  state: AdamState,
  settings: AdamSettings,
  decayed: readonly DecayRange[],
): number {
  const { learningRate, beta1, beta2, epsilon, weightDecay, maxGradNorm } = adamSettings(settings);
  const { mean, square } = state;
  state.step++;
  const scale = maxGradNorm > 0 && norm > maxGradNorm ? maxGradNorm / norm : 1;
  const rate = learningRate / (1 - beta1 ** state.step);
  const correction = 1 / (1 - beta2 ** state.step);
  if (weightDecay !== 0) {
    const kept = 1 - learningRate * weightDecay;
    for (const [start, end] of decayed)
      for (let i = start; i < end; i++) weights[i] = (weights[i] as number) * kept;
  }
  let largest = 0;
  for (let i = 0; i < weights.length; i++) {
    const g = (gradient[i] as number) * scale;
    const m = beta1 * (mean[i] as number) + (1 - beta1) * g;
    const v = beta2 * (square[i] as number) + (1 - beta2) * g * g;
    mean[i] = m;
    square[i] = v;
    const weight = (weights[i] as number) - (rate * m) / (Math.sqrt(v * correction) + epsilon);
    weights[i] = weight;
    largest = Math.max(largest, Math.abs(weight));
  }
  return largest;
}

/** Global L2 norm; NaN or infinite if any element is. */
export function l2Norm(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] as number) ** 2;
  return Math.sqrt(sum);
}
