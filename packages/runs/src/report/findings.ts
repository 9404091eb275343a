/** What the figures say, in words: also where they say no. */
import { type Comparison, type Measure, measuresOf } from "@rrr/trainer";
import { controlName, labelOf } from "./labels.ts";
import { pValue, signed } from "./numbers.ts";
import { CONTROLS, type Result } from "./result.ts";

/** A difference counts as shown below this p-value of McNemar's exact test. */
export const SIGNIFICANT = 0.05;

/** @param isFinished false: what lacks an outcome may be still to come */
export function findings(result: Result, isFinished: boolean): readonly string[] {
  const gains = (["after", "first"] as const).flatMap((measure) => gainLine(result, measure));
  const controls = CONTROLS.flatMap((control) => {
    const comparison = result.overControls[control];
    return comparison === undefined ? [] : [controlLine(control, comparison)];
  });
  const { errored, problems, samples } = result.after ?? result.before;
  const all = `${problems * samples} ${samples === 1 ? "problems" : "samples"}`;
  const trouble = errored > 0 ? [`${errored} of ${all} errored and are in no share.`] : [];
  return [...gains, ...controls, ...trouble, ...(isFinished ? uncheckedLines(result) : [])];
}

/** Controls and greedy decoding may error where the episode itself did not: their shares are of fewer problems. */
function uncheckedLines({ before, after }: Result): readonly string[] {
  const evaluations = after
    ? ([
        [before, "before training, "],
        [after, "after training, "],
      ] as const)
    : ([[before, ""]] as const);
  return evaluations.flatMap(([{ rates, problems, samples, rounds, errored }, when]) => {
    // Reflections exist only where the first try failed; greedy decoding has one sample a problem.
    const measures = measuresOf(rounds).filter(
      (measure) => measure !== "leak" && (samples === 1 || !measure.startsWith("greedy")),
    );
    return measures.flatMap((measure) => {
      const rate = rates[measure];
      const all = problems * samples;
      const missing = rate === undefined ? 0 : all - errored - rate.of;
      if (missing <= 0) return [];
      const units = samples === 1 ? "problems" : "samples";
      return [`${missing} of ${all} ${units} could not be checked: ${when}${controlName(measure)}.`];
    });
  });
}

function gainLine({ gains }: Result, measure: "after" | "first"): readonly string[] {
  const gain = gains?.[measure];
  if (gain === undefined) return [];
  const figures = figuresOf(gain);
  if (gain.p >= SIGNIFICANT) return [`Training is not shown to change ${name(measure)}: ${figures}.`];
  return [`Training ${gain.difference.value > 0 ? "raised" : "LOWERED"} ${name(measure)}: ${figures}.`];
}

function controlLine(control: Measure, comparison: Comparison): string {
  const against = `${controlName(control)}: ${figuresOf(comparison)}`;
  if (comparison.difference.value <= 0) return `Reflection does NOT beat ${against}.`;
  if (comparison.p >= SIGNIFICANT) return `Reflection is NOT shown to beat ${against}.`;
  return `Reflection beats ${against}.`;
}

function name(measure: Measure): string {
  return measure === "first" ? "the first try" : `success ${labelOf(measure)}`;
}

function figuresOf({ difference, p }: Comparison): string {
  return `${signed(difference.value)} points, ${pValue(p)}`;
}
