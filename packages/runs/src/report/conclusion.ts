import type { Comparison } from "@rrr/trainer";
import { points, pValue, signedPoints } from "./numbers.ts";

/** A difference counts as shown below this p-value. */
const SIGNIFICANT = 0.05;

/**
 * What a comparison says of the second against the first. `unknown`: outcomes are missing, and what they would be decides
 * whether there is a difference.
 */
export type Conclusion = "more" | "less" | "unshown" | "unknown";

export function conclusionOf({ difference, p, smallestP = p }: Comparison): Conclusion {
  if (p < SIGNIFICANT) return atMost(difference) > 0 ? "more" : "less";
  return smallestP < SIGNIFICANT ? "unknown" : "unshown";
}

/** The difference can be no gain, whatever is missing. */
export function isNoGain({ difference }: Comparison): boolean {
  return atMost(difference) <= 0;
}

/** `+12.0 points, p < 0.001` */
export function figuresOf({ difference, p, missing }: Comparison): string {
  return `${signedPoints(difference)} points, ${pValue(p, missing > 0)}`;
}

/** The cells of a comparison in a table. */
export function comparisonCells(comparison: Comparison | undefined): readonly string[] {
  if (comparison === undefined) return [];
  return [points(comparison.difference), pValue(comparison.p, comparison.missing > 0)];
}

function atMost({ value, bounds }: Comparison["difference"]): number {
  return bounds?.[1] ?? value ?? Number.NaN;
}
