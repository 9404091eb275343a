/** Numbers of the result table: percentages of shares, percentage points of differences. */
import type { Estimate } from "@rrr/core";

/** `14.7 % [11.9, 18.1]` */
export function share({ value, low, high }: Estimate): string {
  return `${hundred(value)} % [${hundred(low)}, ${hundred(high)}]`;
}

/** `+22.6 [+18.1, +27.0]` */
export function points({ value, low, high }: Estimate): string {
  return `${signed(value)} [${signed(low)}, ${signed(high)}]`;
}

export function signed(difference: number): string {
  const digits = hundred(Math.abs(difference));
  if (Number(digits) === 0) return digits;
  return `${difference < 0 ? "−" : "+"}${digits}`;
}

/** `p < 0.001`, `p = 0.012` */
export function pValue(p: number): string {
  return p < 0.001 ? "p < 0.001" : `p = ${p.toFixed(3)}`;
}

function hundred(value: number): string {
  return (value * 100).toFixed(1);
}
