/** Signs of trouble that lie in a few steps' figures: each says how bad it is, and of what. */
import { wilson } from "@rrr/core";
import type { StepFigures } from "./step-figures.ts";

/** 0: nothing to say. A sign is said again when its level rises. */
export interface Reading {
  readonly level: 0 | 1 | 2;
  readonly text: string;
}

/** Takes all steps so far, at least one. */
export type Sign = (steps: readonly StepFigures[]) => Reading;

/** Steps that a figure is averaged over. */
const WINDOW = 3;
/** Updates that training's own start is taken from. */
const START = 5;

const QUIET: Reading = { level: 0, text: "" };

/** Nats a token: twice and seven times as likely, or as unlikely, as the start in the mean. */
const KL_LEVELS = [0.7, 2] as const;

/** How far the policy is from the start. Only where there is a reference, else it is not known. */
export const kl: Sign = (steps) => {
  const values = updatesOf(steps.slice(-WINDOW)).map((update) => update.kl);
  if (values.length < WINDOW) return QUIET;
  const now = mean(values);
  return {
    level: levelOf(now, KL_LEVELS),
    text: `the policy is ${now.toFixed(2)} nats a token from the start (KL)`,
  };
};

/** Entropy against the start's: a policy that writes one text only, or noise. */
const ENTROPY_FALLS = [3, 10] as const;
const ENTROPY_RISES = [2.5, 5] as const;
/** Below this, in nats a token, a rise is one from nearly nothing. */
const LEAST_ENTROPY = 0.5;

export const entropy: Sign = (steps) => {
  const all = updatesOf(steps).map((update) => update.entropy);
  if (all.length < START + WINDOW) return QUIET;
  const [start, now] = [mean(all.slice(0, START)), mean(all.slice(-WINDOW))];
  const fall = levelOf(start / Math.max(now, Number.MIN_VALUE), ENTROPY_FALLS);
  const rise = now < LEAST_ENTROPY ? 0 : levelOf(now / start, ENTROPY_RISES);
  const figures = `${start.toFixed(3)} to ${now.toFixed(3)} nats a token`;
  return fall >= rise
    ? { level: fall, text: `entropy fell from ${figures}: reflections become one text` }
    : { level: rise, text: `entropy rose from ${figures}: reflections become noise` };
};

const GRADIENT_LEVELS = [10, 100] as const;
const GRADIENTS = 20;

/** A gradient that is far longer than the ones before it. */
export const gradient: Sign = (steps) => {
  const now = steps.at(-1)?.update?.gradNorm;
  const before = updatesOf(steps.slice(0, -1).slice(-GRADIENTS)).map((update) => update.gradNorm);
  if (now === undefined || before.length < WINDOW) return QUIET;
  const usual = median(before);
  return {
    level: levelOf(now / Math.max(usual, Number.MIN_VALUE), GRADIENT_LEVELS),
    text: `the gradient's norm is ${now.toPrecision(3)}, ${usual.toPrecision(3)} in the median before`,
  };
};

const SILENT_STEPS = [3, 10] as const;

/** Steps in a row in which nothing could be learned. */
export const noSignal: Sign = (steps) => {
  let silent = 0;
  while (silent < steps.length && steps.at(-1 - silent)?.kept === 0) silent++;
  return {
    level: levelOf(silent, SILENT_STEPS),
    text: `no group differs in its rewards, ${silent} steps in a row: nothing is learned`,
  };
};

/** Shares of reflections that are much, at the lower end of their interval, and by how much they must have risen. */
const REPEATED_LEVELS = [0.5, 0.9] as const;
const CUT_LEVELS = [0.2, 0.6] as const;
const RISE = 0.15;

export const repeated: Sign = (steps) =>
  rising(
    steps,
    ({ reflections, distinct }) => reflections - distinct,
    REPEATED_LEVELS,
    "repeat another of their step, word for word",
  );

export const cutOff: Sign = (steps) =>
  rising(steps, ({ cut }) => cut, CUT_LEVELS, "are cut off at their limit");

function rising(
  steps: readonly StepFigures[],
  of: (figures: StepFigures) => number,
  levels: readonly [number, number],
  what: string,
): Reading {
  const [start, now] = [steps.slice(0, WINDOW), steps.slice(-WINDOW)].map((window) => ({
    some: window.reduce((sum, figures) => sum + of(figures), 0),
    all: window.reduce((sum, { reflections }) => sum + reflections, 0),
  })) as [Count, Count];
  if (steps.length < 2 * WINDOW || start.all === 0 || now.all === 0) return QUIET;
  const { value, low } = wilson(now.some, now.all);
  const before = start.some / start.all;
  return {
    level: value < before + RISE ? 0 : levelOf(low, levels),
    text: `${percent(value)} of reflections ${what}, ${percent(before)} at the start`,
  };
}

interface Count {
  readonly some: number;
  readonly all: number;
}

function levelOf(value: number, [first, second]: readonly [number, number]): Reading["level"] {
  if (value >= second) return 2;
  return value >= first ? 1 : 0;
}

function updatesOf(steps: readonly StepFigures[]): readonly NonNullable<StepFigures["update"]>[] {
  return steps.flatMap(({ update }) => (update === undefined ? [] : [update]));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
