/** An interval at 95 % confidence. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** A value with its 95 % interval. */
export interface Estimate extends Interval {
  readonly value: number;
}

/** The 97.5 % quantile of the standard normal distribution. */
export const Z_95 = 1.959963984540054;
