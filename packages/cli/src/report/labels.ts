import type { Measure } from "@rrr/trainer";

/** Names of the measures in the table, in the order of its rows. */
export const LABELS: Readonly<Record<Measure, string>> = {
  first: "first try",
  after: "after reflection",
  blind: "  control: blind retry",
  donor: "  control: another's reflection",
  passAt2: "  control: two attempts (pass@2)",
  matched: "  control: attempts, same tokens",
  leak: "reflections stating an answer",
  greedyFirst: "greedy: first try",
  greedyAfter: "greedy: after reflection",
};

/** A control's name within a sentence. */
export function controlName(control: Measure): string {
  return LABELS[control].replace("  control: ", "");
}
