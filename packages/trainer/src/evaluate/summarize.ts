import { clusteredShare, passAtK } from "@rrr/core";
import { type Coverage, coverage, type Measurements } from "./coverage.ts";
import {
  type Evaluation,
  type Measure,
  measuresOf,
  type OfMeasures,
  type PassAtK,
  type Rate,
  type Share,
} from "./evaluation.ts";

/** Shares with intervals; bounds where samples have no outcome. A measure that no sample came to is absent. */
export function summarize(of: Measurements): Pick<Evaluation, "rates" | "passAt" | "errored"> {
  const rates: OfMeasures<Rate> = {};
  for (const measure of measuresOf(of.rounds)) {
    const rate = rateOf(of, measure);
    if (rate !== undefined) rates[measure] = rate;
  }
  return { rates, passAt: passAtKs(of), errored: countErrored(of) };
}

function rateOf(of: Measurements, measure: Measure): Rate | undefined {
  const cover = coverage(of);
  const problems: Coverage[] = [];
  let [passed, known, missing] = [0, 0, 0];
  for (const samples of of.table) {
    const counted = cover(samples, measure);
    if (counted.known + counted.missing === 0) continue;
    problems.push(counted);
    passed += counted.passed;
    known += counted.known;
    missing += counted.missing;
  }
  if (known === 0) return undefined;
  return { passed, of: known, missing, ...shareOf(problems, (right, samples) => right / samples) };
}

/** @param share of a problem, by how many of its samples passed */
function shareOf(problems: readonly Coverage[], share: (passed: number, samples: number) => number): Share {
  const samples = problems.reduce((sum, { known, missing }) => sum + known + missing, 0);
  const isWhole = problems.every(({ missing }) => missing === 0);
  const least = clusteredShare(
    problems.map(({ passed, known, missing }) => share(passed, known + missing)),
    samples,
  );
  if (isWhole) return least;
  const most = clusteredShare(
    problems.map(({ passed, known, missing }) => share(passed + missing, known + missing)),
    samples,
  );
  return { low: least.low, high: most.high, bounds: [least.value, most.value] };
}

/** Samples whose episode an error ended. */
function countErrored({ table, rounds }: Measurements): number {
  const last: Measure = rounds === 1 ? "after" : `after${rounds}`;
  return table.reduce(
    (count, samples) => count + samples.filter((outcomes) => outcomes[last] === undefined).length,
    0,
  );
}

function passAtKs(of: Measurements): readonly PassAtK[] {
  const { table } = of;
  // A call has room for some ten thousand arguments, not for all problems.
  const samples = table.reduce((most, { length }) => Math.max(most, length), 0);
  if (samples < 2) return [];
  const cover = coverage(of);
  const ks = [...Array(Math.floor(Math.log2(samples)) + 1).keys()].map((power) => 2 ** power);
  return [...new Set([...ks, samples])].flatMap((k) => {
    // A problem that has fewer samples yet says nothing of k.
    const whole = table.filter(({ length }) => length >= k);
    if (whole.length === 0) return [];
    const share = (measure: "first" | "after"): Share =>
      shareOf(
        whole.map((outcomes) => cover(outcomes, measure)),
        (passed, n) => passAtK(n, passed, k),
      );
    return [{ k, first: share("first"), after: share("after") }];
  });
}
