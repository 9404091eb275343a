/** What a result could not measure, and why. */
import { asksFor, type ErrorCount, type Measure, measuresOf } from "@rrr/trainer";
import { controlName } from "./labels.ts";
import { CONTROLS, type EvaluationSummary } from "./result.ts";

/** Where the errors of a measure are counted. */
const PLACES: Readonly<Partial<Record<Measure, readonly ErrorCount["where"][]>>> = {
  blind: ["blind"],
  // Sampled like the first attempt, it is the first of the independent ones.
  fresh: ["blind", "independent"],
  donor: ["donor"],
  passAt2: ["independent"],
  matched: ["independent"],
  greedyFirst: ["greedy"],
  greedyAfter: ["greedy"],
};

/** Measures that were asked for and came to no outcome. A donor needs two failures, and a leak a reflection. */
export function unmeasured({ rates, asked, rounds }: EvaluationSummary): readonly Measure[] {
  return measuresOf(rounds).filter((measure) => {
    if (rates[measure] !== undefined || measure === "leak" || measure === "donor") return false;
    if (measure === "blind" || measure === "fresh") return asksFor(asked, measure);
    if (CONTROLS.includes(measure)) return asked.controls;
    return measure.startsWith("greedy") ? asked.greedy : true;
  });
}

/** A line for each measure that came to no outcome. */
export function unmeasuredLines(summary: EvaluationSummary, when: string): readonly string[] {
  return unmeasured(summary).map(
    (measure) => `${when}${controlName(measure)} was not measured: ${reasonOf(summary, measure)}.`,
  );
}

function reasonOf(
  { errors, answers, errored, problems, samples }: EvaluationSummary,
  measure: Measure,
): string {
  const places = PLACES[measure] ?? ["episodes"];
  const reason = errors.find(({ where }) => places.includes(where));
  if (reason !== undefined) return `${reason.message.replace(/\.$/, "")} (${reason.count} times)`;
  if (errored === problems * samples) return "every problem errored";
  const turns = Object.values(answers);
  if (measure === "matched" && turns.some(({ contradicted }) => contradicted > 0)) {
    return "the server's counts of tokens contradict themselves";
  }
  if (measure === "matched") return "the server does not say how many tokens it sampled";
  return "what it needs errored";
}
