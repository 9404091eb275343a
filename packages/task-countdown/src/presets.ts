import { RrrError, type TokenLimits } from "@rrr/core";

/** From one whole number to another, both included. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** Which problems there are. */
export interface ProblemSpace {
  /** How many numbers a problem has. */
  readonly count: Range;
  readonly numbers: Range;
  readonly target: Range;
}

export interface Preset extends ProblemSpace {
  readonly limits: TokenLimits;
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
    limits: { attempt: 80, reflection: 112 },
  },
  tinyzero: {
    count: { min: 3, max: 4 },
    numbers: { min: 1, max: 99 },
    target: { min: 1, max: 999 },
    limits: { attempt: 1024, reflection: 512 },
  },
  hard: {
    count: { min: 5, max: 6 },
    numbers: { min: 1, max: 99 },
    target: { min: 1, max: 999 },
    limits: { attempt: 2048, reflection: 1024 },
  },
};

/** @throws RrrError `bad-argument` for an unknown name. */
export function getPreset(name: string): Preset {
  if (Object.hasOwn(PRESETS, name)) return PRESETS[name as PresetName];
  throw new RrrError("bad-argument", `unknown Countdown preset "${name}"`, {
    hint: `Use one of ${Object.keys(PRESETS).join(", ")}.`,
  });
}

/** @throws RrrError `bad-argument` for a range that is empty or out of bounds. */
export function checkSpace(space: ProblemSpace): void {
  // More than six numbers could not be solved in reasonable time.
  checkRange("count", space.count, { min: 2, max: 6 });
  checkRange("numbers", space.numbers, { min: 0, max: 1_000_000 });
  checkRange("target", space.target, { min: -1_000_000_000, max: 1_000_000_000 });
}

function checkRange(name: string, { min, max }: Range, bounds: Range): void {
  const whole = Number.isSafeInteger(min) && Number.isSafeInteger(max);
  if (whole && bounds.min <= min && min <= max && max <= bounds.max) return;
  throw new RrrError(
    "bad-argument",
    `${name} must be whole numbers with ${bounds.min} ≤ min ≤ max ≤ ${bounds.max}, got ${min} to ${max}`,
  );
}
