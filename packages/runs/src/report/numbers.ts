/** Numbers of the result table: percentages of shares, percentage points of differences. */
import type { Share } from "@rrr/trainer";

/** `14.7 % [11.9, 18.1]`; `14.7 to 20.1 % [11.9, 24.0]` where samples have no outcome */
export function share(of: Share): string {
  return `${shareFigure(of)} [${hundred(of.low)}, ${hundred(of.high)}]`;
}

/** `14.7 %`, or `14.7 to 20.1 %`: a share without its interval */
export function shareFigure({ value, bounds }: Pick<Share, "value" | "bounds">): string {
  return `${bounds === undefined ? hundred(value ?? Number.NaN) : bounds.map(hundred).join(" to ")} %`;
}

/** `+22.6 [+18.1, +27.0]`; `−1.2 to +22.6 [−5.3, +27.0]` where samples have no outcome */
export function points(difference: Share): string {
  return `${signedPoints(difference)} [${signed(difference.low)}, ${signed(difference.high)}]`;
}

/** `+22.6`, or `−1.2 to +22.6` */
export function signedPoints({ value, bounds }: Share): string {
  return bounds === undefined ? signed(value ?? Number.NaN) : bounds.map(signed).join(" to ");
}

export function signed(difference: number): string {
  const digits = hundred(Math.abs(difference));
  if (Number(digits) === 0) return digits;
  return `${difference < 0 ? "−" : "+"}${digits}`;
}

/** `p < 0.001`, `p = 0.012`; `p ≤ 0.012` where samples have no outcome: the largest that it can be */
export function pValue(p: number, isBound = false): string {
  if (p < 0.001) return "p < 0.001";
  return `p ${isBound ? "≤" : "="} ${p.toFixed(3)}`;
}

function hundred(value: number): string {
  return (value * 100).toFixed(1);
}
