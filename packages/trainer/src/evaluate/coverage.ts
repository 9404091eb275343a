import type { Asked, Measure, Outcomes } from "./evaluation.ts";
import type { RetryControl } from "./retry-controls.ts";

/** Outcomes by problem, and by sample within it. */
export type OutcomeTable = readonly (readonly Outcomes[])[];

/** Outcomes, and what was to come to one. */
export interface Measurements {
  readonly table: OutcomeTable;
  readonly rounds: number;
  readonly asked: Asked;
}

/** Samples of a problem that passed, that came to an outcome, and that should have and did not. */
export interface Coverage {
  readonly passed: number;
  readonly known: number;
  readonly missing: number;
}

const CONTROLS: readonly Measure[] = ["donor", "passAt2", "matched"];

/**
 * Tells a sample that errored from one that a measure says nothing of: only the first makes a share uncertain. `leak` is
 * about reflections that were written; `donor` needs a second failure of the same sample; greedy decoding has one sample.
 */
export function coverage({
  table,
  asked,
}: Omit<Measurements, "rounds">): (samples: readonly Outcomes[], measure: Measure) => Coverage {
  const reflected: number[] = [];
  for (const samples of table) {
    for (const [i, outcomes] of samples.entries()) {
      if (isReflected(outcomes)) reflected[i] = (reflected[i] ?? 0) + 1;
    }
  }
  function applies(measure: Measure, outcomes: Outcomes, sample: number): boolean {
    if (measure === "leak") return asked.controls && isReflected(outcomes);
    if (measure === "donor" && (reflected[sample] ?? 0) < 2) return false;
    if (measure === "blind" || measure === "fresh") return asksFor(asked, measure);
    if (CONTROLS.includes(measure)) return asked.controls;
    if (measure.startsWith("greedy")) return asked.greedy && sample === 0;
    return true;
  }
  return (samples, measure) => {
    let [passed, known, missing] = [0, 0, 0];
    for (const [i, outcomes] of samples.entries()) {
      const outcome = outcomes[measure];
      if (outcome !== undefined) {
        known++;
        passed += Number(outcome);
      } else if (applies(measure, outcomes, i)) missing++;
    }
    return { passed, known, missing };
  };
}

/** Whether a retry without a reflection was to be measured in this way. */
export function asksFor({ controls, retryControls = ["blind"] }: Asked, control: RetryControl): boolean {
  return controls && retryControls.includes(control);
}

function isReflected({ first, after }: Outcomes): boolean {
  return first === false && after !== undefined;
}
