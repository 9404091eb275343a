import { isHeldOut } from "@rrr/core";
import type { CountdownItem } from "./item.ts";

export type Split = "train" | "test";

/**
 * The split of a problem, by its numbers in any order and its target alone: no seed, preset or file can move a
 * held-out problem into training.
 */
export function splitOf(item: CountdownItem): Split {
  const sorted = item.numbers.toSorted((a, b) => a - b);
  return isHeldOut("countdown-split", ...sorted, "target", item.target) ? "test" : "train";
}

/** The same text for the same problem, whatever the order of its numbers. */
export function problemKey(item: CountdownItem): string {
  return `${item.numbers.toSorted((a, b) => a - b).join(",")}=${item.target}`;
}
