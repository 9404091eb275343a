import type { MEASURES, Measure } from "@rrr/trainer";

const LABELS: Readonly<Record<(typeof MEASURES)[number], string>> = {
  first: "first try",
  after: "after reflection",
  blind: "  control: blind retry",
  fresh: "  control: fresh, retry settings",
  donor: "  control: another's reflection",
  passAt2: "  control: two attempts (pass@2)",
  matched: "  control: attempts, same tokens",
  leak: "reflections stating an answer",
  greedyFirst: "greedy: first try",
  greedyAfter: "greedy: after reflection",
};

/** Name of a measure in the table. */
export function labelOf(measure: Measure): string {
  const rounds = /^after(\d+)$/.exec(measure)?.[1];
  return rounds === undefined ? LABELS[measure as keyof typeof LABELS] : `after ${rounds} reflections`;
}

/** A control's name within a sentence. */
export function controlName(control: Measure): string {
  if (control === "fresh") return "a fresh attempt under the retry's conditions";
  return labelOf(control).replace("  control: ", "");
}
