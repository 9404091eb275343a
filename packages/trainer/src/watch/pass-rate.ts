/** Whether the pass rate of retries has fallen below what it had reached: a test between windows of steps. */
import type { StepFigures } from "./step-figures.ts";

/** Most steps of the window that the best rate is taken over; fewer at the start. */
const REFERENCE = 5;
/** Steps of the windows that it is compared with: a sudden fall shows in the shortest, a slow one in the longest. */
const RECENT = [1, 2, 3, 5] as const;
/** Chance at most, by step, that a rate that stays is taken for one that has fallen, over all windows compared there. */
const ALARM = 0.02;
/** The same for a rate at half of the best: one that stays at it is far from that. */
const STOP = 0.02;
/** A single step's groups may be few and hard: training is not stopped on fewer steps. */
const STEPS_TO_STOP = 3;

/** The rate over some steps, the mean of their groups' rates. */
export interface WindowRate {
  readonly from: number;
  readonly to: number;
  readonly rate: number;
}

/** `fallen`: below the best. `collapsed`: below half of it. Both beyond what chance among failures explains. */
export interface Fall {
  readonly kind: "fallen" | "collapsed";
  readonly best: WindowRate;
  readonly now: WindowRate;
}

interface Window extends WindowRate {
  readonly groups: number;
}

/** Takes step after step, and says of each whether the rate has fallen. */
export function createPassRate(): (figures: StepFigures) => Fall | undefined {
  /** Of the steps so far, the sums of their groups' rates and how many groups. */
  const sums: number[] = [];
  const counts: number[] = [];
  const steps: number[] = [];
  /** `best[i]`: of the windows that end with the i-th step or before it, by the lower end of one standard error. */
  const best: (Window | undefined)[] = [];
  /** Of groups around the mean of their step, pooled over all steps: a few groups alone tell it badly. */
  const spread = { squares: 0, degrees: 0 };

  function windowOf(first: number, last: number): Window | undefined {
    const groups = (counts[last] as number) - (counts[first - 1] ?? 0);
    if (groups === 0) return undefined;
    const rate = ((sums[last] as number) - (sums[first - 1] ?? 0)) / groups;
    return { from: steps[first] as number, to: steps[last] as number, rate, groups };
  }
  function take({ step, groups }: StepFigures): void {
    const rates = groups.map(({ passed, of }) => passed / of);
    const sum = rates.reduce((all, rate) => all + rate, 0);
    steps.push(step);
    sums.push((sums.at(-1) ?? 0) + sum);
    counts.push((counts.at(-1) ?? 0) + rates.length);
    spread.squares += rates.reduce((all, rate) => all + (rate - sum / rates.length) ** 2, 0);
    spread.degrees += Math.max(0, rates.length - 1);
  }
  const error = (window: Window): number => spread.squares / spread.degrees / window.groups;

  return (figures) => {
    take(figures);
    const last = steps.length - 1;
    const [earlier, latest] = [best[last - 1], windowOf(Math.max(0, last + 1 - REFERENCE), last)];
    if (spread.squares === 0) {
      best.push(latest ?? earlier);
      return undefined;
    }
    const sure = (window: Window): number => window.rate - Math.sqrt(error(window));
    best.push(
      latest !== undefined && (earlier === undefined || sure(latest) > sure(earlier)) ? latest : earlier,
    );
    let found: Fall | undefined;
    for (const length of RECENT) {
      const reference = best[last - length];
      const now = last + 1 < length ? undefined : windowOf(last + 1 - length, last);
      if (reference === undefined || now === undefined) continue;
      const comparisons = RECENT.length * (last - length + 1);
      const isBelow = (share: number, chance: number): boolean =>
        (share * reference.rate - now.rate) / Math.sqrt(share * share * error(reference) + error(now)) >
        threshold(chance / comparisons);
      if (length >= STEPS_TO_STOP && isBelow(0.5, STOP)) {
        return { kind: "collapsed", best: plain(reference), now: plain(now) };
      }
      if (found === undefined && isBelow(1, ALARM)) {
        found = { kind: "fallen", best: plain(reference), now: plain(now) };
      }
    }
    return found;
  };
}

/** Standard errors that a normal variable exceeds with at most this chance: from the bound exp(−z²/2)/2 on its tail. */
function threshold(chance: number): number {
  return Math.sqrt(2 * Math.log(1 / (2 * chance)));
}

function plain({ from, to, rate }: Window): WindowRate {
  return { from, to, rate };
}
