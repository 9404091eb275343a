import { createPassRate, type Fall } from "./pass-rate.ts";
import { cutOff, entropy, gradient, kl, noSignal, repeated, type Sign } from "./signs.ts";
import type { StepFigures } from "./step-figures.ts";

export type WarningSign = "pass-rate" | "kl" | "entropy" | "gradient" | "no-signal" | "repeated" | "cut-off";

/** That training is going wrong, said once, and again when it is worse. */
export interface TrainingWarning {
  /** Counted from 1. */
  readonly step: number;
  readonly sign: WarningSign;
  /** 2 is worse. */
  readonly level: 1 | 2;
  /** What is seen, in words. */
  readonly text: string;
}

/** What a step adds. */
export interface Watched {
  readonly warnings: readonly TrainingWarning[];
  /** The pass rate of retries is below half of what it had been, beyond chance: training has destroyed the policy. */
  readonly collapse?: Fall;
}

const SIGNS: readonly (readonly [WarningSign, Sign])[] = [
  ["kl", kl],
  ["entropy", entropy],
  ["gradient", gradient],
  ["no-signal", noSignal],
  ["repeated", repeated],
  ["cut-off", cutOff],
];

/**
 * Watches training step by step. What it says is a function of the steps' figures alone: fed with those that a run keeps,
 * it goes on where an earlier process was. Thresholds: docs/decisions/2026-11-29-guard-rails.md.
 * @example
 * const watch = createWatch();
 * for await (const report of train(task, engine, failures))
 *   for (const { step, text } of watch(figuresOf(report)).warnings) console.warn(`step ${step}: ${text}`);
 */
export function createWatch(): (figures: StepFigures) => Watched {
  const steps: StepFigures[] = [];
  const said = new Map<WarningSign, number>();
  const passRate = createPassRate();
  return (figures) => {
    steps.push(figures);
    const { step } = figures;
    const fall = passRate(figures);
    const readings = [
      ...(fall === undefined ? [] : [["pass-rate", readingOf(fall)] as const]),
      ...SIGNS.map(([sign, read]) => [sign, read(steps)] as const),
    ];
    const warnings = readings.flatMap(([sign, { level, text }]): readonly TrainingWarning[] => {
      if (level === 0 || level <= (said.get(sign) ?? 0)) return [];
      said.set(sign, level);
      return [{ step, sign, level, text }];
    });
    return { warnings, ...(fall?.kind === "collapsed" ? { collapse: fall } : {}) };
  };
}

function readingOf(fall: Fall): { readonly level: 1 | 2; readonly text: string } {
  return { level: fall.kind === "collapsed" ? 2 : 1, text: fallText(fall) };
}

/** `retries pass in 12.5 % (steps 14 to 16), after 61.0 % (steps 6 to 10)` */
export function fallText({ best, now }: Fall): string {
  return `retries pass in ${rateText(now)}, after ${rateText(best)}`;
}

function rateText({ from, to, rate }: Fall["now"]): string {
  const steps = from === to ? `step ${from}` : `steps ${from} to ${to}`;
  return `${(100 * rate).toFixed(1)} % (${steps})`;
}
