import type { TaskLimits } from "@rrr/core";
import type { Range } from "./range.ts";

/** Which problems there are. */
export interface ProblemSpace {
  /** How many numbers a problem has. */
  readonly count: Range;
  readonly numbers: Range;
  readonly target: Range;
}

interface Preset extends ProblemSpace {
  /** For the built-in model; others get what suits them. */
  readonly limits: TaskLimits;
}

export type PresetName = "small" | "tinyzero" | "hard";

/**
 * `small`: for the built-in model; few enough that every problem is listed. `tinyzero`: as the published set that
 * the paper uses. `hard`: more numbers.
 * @see https://huggingface.co/datasets/Jiayi-Pan/Countdown-Tasks-3to4
 */
export const PRESETS: Readonly<Record<PresetName, Preset>> = {
  small: {
    count: { min: 3, max: 3 },
    numbers: { min: 1, max: 12 },
    target: { min: 1, max: 99 },
    limits: { attempt: 80, reflection: 112, for: "builtin" },
  },
  tinyzero: {
    count: { min: 3, max: 4 },
    numbers: { min: 1, max: 99 },
    target: { min: 1, max: 999 },
    limits: { attempt: 1024, reflection: 512, for: "builtin" },
  },
  hard: {
    count: { min: 5, max: 6 },
    numbers: { min: 1, max: 99 },
    target: { min: 1, max: 999 },
    limits: { attempt: 2048, reflection: 1024, for: "builtin" },
  },
};
