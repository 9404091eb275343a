import { clusteredShare, passAtK } from "@rrr/core";
import {
  type Evaluation,
  type Measure,
  measuresOf,
  type OfMeasures,
  type Outcomes,
  type PassAtK,
  type Rate,
} from "./evaluation.ts";

/** Outcomes by problem, and by sample within it. */
export type OutcomeTable = readonly (readonly Outcomes[])[];

/** Shares with intervals, over the samples that came to an outcome. */
export function summarize(table: OutcomeTable, rounds = 1): Pick<Evaluation, "rates" | "passAt" | "errored"> {
  const rates: OfMeasures<Rate> = {};
  for (const measure of measuresOf(rounds)) {
    const rate = rateOf(table, measure);
    if (rate !== undefined) rates[measure] = rate;
  }
  const errored = table.reduce(
    (count, samples) => count + samples.filter(({ first }) => first === undefined).length,
    0,
  );
  return { rates, passAt: passAtKs(table), errored };
}

function rateOf(table: OutcomeTable, measure: Measure): Rate | undefined {
  const shares: number[] = [];
  let [passed, of] = [0, 0];
  // Nothing is made for each problem but its share: there may be many.
  for (const samples of table) {
    const counted = countKnown(samples, measure);
    if (counted.known === 0) continue;
    shares.push(counted.passed / counted.known);
    passed += counted.passed;
    of += counted.known;
  }
  return of === 0 ? undefined : { passed, of, ...clusteredShare(shares, of) };
}

/** How many of a problem's samples passed, of those that came to an outcome. */
export function countKnown(
  samples: readonly Outcomes[],
  measure: Measure,
): { readonly passed: number; readonly known: number } {
  let [passed, known] = [0, 0];
  for (const { [measure]: outcome } of samples) {
    if (outcome === undefined) continue;
    known++;
    passed += Number(outcome);
  }
  return { passed, known };
}

function passAtKs(table: OutcomeTable): readonly PassAtK[] {
  // A call has room for some ten thousand arguments, not for all problems.
  const samples = table.reduce((most, { length }) => Math.max(most, length), 0);
  if (samples < 2) return [];
  const ks = [...Array(Math.floor(Math.log2(samples)) + 1).keys()].map((power) => 2 ** power);
  return [...new Set([...ks, samples])].flatMap((k) => {
    // A problem with fewer samples than k, because some errored, says nothing of k.
    const enough = table.map((outcomes) => outcomes.filter(({ first }) => first !== undefined));
    const whole = enough.filter(({ length }) => length >= k);
    if (whole.length === 0) return [];
    const estimate = (measure: "first" | "after") =>
      clusteredShare(
        whole.map((outcomes) => passAtK(outcomes.length, outcomes.filter((each) => each[measure]).length, k)),
        whole.flat().length,
      );
    return [{ k, first: estimate("first"), after: estimate("after") }];
  });
}
