import { deriveKey, uniformAt } from "@rrr/core";
import type { CountdownItem } from "./item.ts";

export type Split = "train" | "test";

/** Share of problems that is held out. */
const TEST_SHARE = 0.2;

/**
 * The split of a problem, by its numbers in any order and its target alone: no seed, preset or file can move a
 * held-out problem into training.
 */
export function splitOf(item: CountdownItem): Split {
  const sorted = item.numbers.toSorted((a, b) => a - b);
  const key = deriveKey(0, "countdown-split", ...sorted, "target", item.target);
  return uniformAt(key, 0) < TEST_SHARE ? "test" : "train";
}

/** The same text for the same problem, whatever the order of its numbers. */
export function problemKey(item: CountdownItem): string {
  return `${item.numbers.toSorted((a, b) => a - b).join(",")}=${item.target}`;
}
