import { RrrError } from "@rrr/core";
import type { AdamSettings, OptimReport } from "../engine.ts";
import { isWeight } from "../model-files/weights.ts";
import { type AdamState, adamStep, type DecayRange, l2Norm } from "./adam.ts";
import { checkAdam } from "./check-adam.ts";
import type { Layout } from "./layout.ts";

/** AdamW over one flat array of weights, with the gradient that has been added up for it. */
export interface Optimiser {
  readonly state: AdamState;
  /** What gradients are added to, in the layout of the weights. */
  readonly gradient: Float32Array;
  /** Goes on with a gradient that was added up elsewhere. */
  adopt(gradient: Float32Array): void;
  /** Adds a gradient that nobody else holds. */
  add(gradient: Float32Array): void;
  /**
   * Applies the gradient and clears it.
   * @throws diverged, with the gradient cleared; bad-argument, with nothing changed
   */
  step(settings: AdamSettings): OptimReport;
  /** Forgets the gradient. */
  clear(): void;
}

/** @param weights changed in place, as the layout says; of them matrices alone decay */
export function createOptimiser(layout: Layout, weights: Float32Array): Optimiser {
  let gradient: Float32Array = new Float32Array(layout.size);
  let isEmpty = true;
  const state: AdamState = {
    step: 0,
    mean: new Float32Array(layout.size),
    square: new Float32Array(layout.size),
  };
  const decayed: readonly DecayRange[] = [...layout.placements.values()]
    .filter(({ shape }) => shape.length > 1)
    .map(({ offset, size }) => [offset, offset + size]);
  const adopt = (other: Float32Array): void => {
    gradient = other;
    isEmpty = false;
  };
  const clear = (): void => {
    gradient.fill(0);
    isEmpty = true;
  };
  return {
    state,
    get gradient() {
      return gradient;
    },
    adopt,
    add(other) {
      if (isEmpty) return adopt(other);
      for (let i = 0; i < gradient.length; i++) gradient[i] = (gradient[i] as number) + (other[i] as number);
    },
    clear,
    step(settings) {
      checkAdam(settings);
      const gradNorm = l2Norm(gradient);
      if (!Number.isFinite(gradNorm)) {
        clear();
        throw divergedTraining(`the gradient's norm is ${gradNorm}`);
      }
      const largest = adamStep(weights, gradient, gradNorm, state, settings, decayed);
      clear();
      if (!isWeight(largest)) throw divergedTraining(`a weight is ${largest}`);
      return { gradNorm };
    },
  };
}

/** What a loss, a gradient or a weight says that is no finite number. */
export function divergedTraining(what: string): RrrError {
  return new RrrError("diverged", `training diverged: ${what}`, {
    hint: "Lower the learning rate, or clip the gradient with maxGradNorm.",
  });
}
