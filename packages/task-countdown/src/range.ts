import { type OptionSchema, schemaOf } from "@rrr/core";

/** From one whole number to another, both included. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** A range, or the one number in it. */
export type RangeOption = Range | number;

export function toRange(option: RangeOption): Range {
  return typeof option === "number" ? { min: option, max: option } : option;
}

/** A schema of ranges within bounds. @param what what they are ranges of, for people */
export function rangeWithin(bounds: Range, what: string): OptionSchema<RangeOption> {
  const isWithin = (value: unknown): value is RangeOption => {
    const { min, max } = toRange((value ?? {}) as RangeOption);
    const areWhole = Number.isSafeInteger(min) && Number.isSafeInteger(max);
    return areWhole && bounds.min <= min && min <= max && max <= bounds.max;
  };
  const form = `a whole number or {"min": …, "max": …}, with ${bounds.min} ≤ min ≤ max ≤ ${bounds.max}`;
  return { ...schemaOf(isWithin, form), description: `${what}: ${form}` };
}
